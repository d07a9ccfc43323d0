#include "core/mapping/mapped_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::mapping {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using Value = std::optional<std::string_view>;

const std::vector<std::string> kOwn = {"SALE_ID", "PRODUCT",       "REGION",    "AMOUNT",
                                       "STAGE",   "CUSTOMER_NAME", "SALE_DATE", "STATUS"};
constexpr std::size_t kId = 0, kProduct = 1, kRegion = 2, kAmount = 3, kCustomer = 5, kDate = 6;

MappedRowReader OwnReader() {
  return MappedRowReader::Make(*OwnColumns(kOwn), kOwn, nullptr).value();
}

std::vector<Value> Good() {
  return {"1", "Sage 50", "West", "100.00", "Proposal", "Acme", "2026-11-01", "Open"};
}

/// The good row with one value changed: the column that is refused, empty when the row is taken.
std::string RefusedColumn(std::size_t column, Value value, sales::Sale& row) {
  std::vector<Value> values = Good();
  values[column] = value;
  const auto refusal = OwnReader().Read(values, row);
  if (!refusal) return "";
  EXPECT_NE(refusal->reason, "");
  return refusal->column;
}

sales::Sale Taken(std::size_t column, Value value) {
  sales::Sale row;
  EXPECT_EQ(RefusedColumn(column, value, row), "") << value.value_or("NULL");
  return row;
}

void ExpectRefused(std::size_t column, Value value) {
  sales::Sale row;
  EXPECT_EQ(RefusedColumn(column, value, row), kOwn[column]) << value.value_or("NULL");
}

TEST(OwnRow, TakesValuesAsTheyAre) {
  const sales::Sale row = Taken(kCustomer, "Ünïcode, \"quoted\"\n");
  EXPECT_EQ(row.id, "1");
  EXPECT_EQ(row.amount, Money::FromCents(10'000));
  EXPECT_EQ(row.sold_on, Date::Parse("2026-11-01"));
  EXPECT_EQ(row.texts[3], "Ünïcode, \"quoted\"\n");
}

TEST(OwnRow, KeepsNullAndTheEmptyTextApart) {
  for (const std::size_t column : {kId, kAmount, kDate}) {
    for (const Value value : {Value(), Value("")}) {
      const sales::Sale row = Taken(column, value);
      EXPECT_EQ(row.id.has_value(), column != kId);
      EXPECT_EQ(row.amount.has_value(), column != kAmount);
      EXPECT_EQ(row.sold_on.has_value(), column != kDate);
    }
  }
  EXPECT_EQ(Taken(kRegion, std::nullopt).texts[1], std::nullopt);
  EXPECT_EQ(Taken(kRegion, "").texts[1], "");
}

TEST(OwnRow, HoldsIdsTo38Digits) {
  const std::string largest(38, '9');
  EXPECT_EQ(Taken(kId, largest).id, largest);
  EXPECT_EQ(Taken(kId, "-" + largest).id, "-" + largest);
  EXPECT_EQ(Taken(kId, "007").id, "7");
  EXPECT_EQ(Taken(kId, "-0").id, "0");
  for (const char* bad : {"1.5", "abc", "1e3", "+1", " 1", "-", "0x1"}) ExpectRefused(kId, bad);
  ExpectRefused(kId, "1" + std::string(38, '0'));
  ExpectRefused(kId, "-1" + std::string(38, '0'));
  ExpectRefused(kId, std::string(1000, '9'));
}

TEST(OwnRow, HoldsAmountsToTwelveDigits) {
  EXPECT_EQ(Taken(kAmount, "9999999999.99").amount, Money::FromCents(999'999'999'999));
  EXPECT_EQ(Taken(kAmount, "-9999999999.99").amount, Money::FromCents(-999'999'999'999));
  EXPECT_EQ(Taken(kAmount, "-0").amount, Money());
  EXPECT_EQ(Taken(kAmount, ".5").amount, Money::FromCents(50));
  for (const char* bad : {"10000000000", "-10000000000.00", "1.005", "NaN", "inf", "1,5", "1e3",
                          "$1", "1 000", "."}) {
    ExpectRefused(kAmount, bad);
  }
}

TEST(OwnRow, HoldsDatesToTheCalendar) {
  EXPECT_EQ(Taken(kDate, "0001-01-01").sold_on, Date::FromCivil(1, 1, 1));
  EXPECT_EQ(Taken(kDate, "9999-12-31").sold_on, Date::FromCivil(9999, 12, 31));
  EXPECT_TRUE(Taken(kDate, "2024-02-29").sold_on);
  for (const char* bad : {"2026-02-29", "2026-02-30", "0000-12-31", "12000-01-01", "infinity",
                          "22.11.2026", "2026-11-1", "2026-11-01 00:00", "2026-11-01 ", "today"}) {
    ExpectRefused(kDate, bad);
  }
}

TEST(OwnRow, TakesMidnightForADateAndNoOtherTime) {
  for (const char* midnight : {"2026-11-01 00:00:00", "2026-11-01T00:00:00.000"}) {
    EXPECT_EQ(Taken(kDate, midnight).sold_on, Date::FromCivil(2026, 11, 1));
  }
  for (const char* bad : {"2026-11-01 00:00:01", "2026-11-01T23:59:59", "2026-11-01 00:00:00.001",
                          "2026-11-01 00:00:00+00", "2026-11-01T00:00:00Z"}) {
    std::vector<Value> values = Good();
    values[kDate] = bad;
    sales::Sale row;
    const auto refusal = OwnReader().Read(values, row);
    ASSERT_TRUE(refusal) << bad;
    EXPECT_THAT(refusal->reason, HasSubstr("time of day"));
  }
}

TEST(OwnRow, HoldsTextsToTheirLengthInCharacters) {
  std::string umlauts;
  for (int i = 0; i < 20; ++i) umlauts += "ü";
  EXPECT_EQ(Taken(kRegion, umlauts).texts[1], umlauts);
  ExpectRefused(kRegion, umlauts + "x");
  ExpectRefused(kProduct, std::string(51, 'x'));
  ExpectRefused(kCustomer, std::string(100'000, 'x'));
  ExpectRefused(kCustomer, std::string_view("a\0b", 3));
}

TEST(OwnRow, SaysEveryReasonAndNoValue) {
  std::vector<Value> values = Good();
  values[kAmount] = "secret";
  values[kDate] = "secret";
  sales::Sale row;
  const auto refusal = OwnReader().Read(values, row);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->column, "AMOUNT");
  EXPECT_THAT(refusal->reason, StartsWith("is not an amount"));
  EXPECT_THAT(refusal->reason, HasSubstr("; SALE_DATE is not a date"));
  EXPECT_THAT(refusal->reason, Not(HasSubstr("secret")));
}

const std::vector<std::string> kForeign = {"Owner",  "Notes", "Opportunity ID", "Amount",
                                           "Closed", "Stage", "Currency"};

Mapping ForeignMapping() {
  Mapping mapping;
  mapping.name = "mine";
  mapping.shape = ShapeOf(kForeign);
  mapping.columns = {"Opportunity ID", std::nullopt, std::nullopt, "amount ",
                     "Stage",          std::nullopt, "Closed",     "Stage"};
  mapping.dimensions = {{"OWNER", "Owner"}};
  mapping.text_ids = true;
  mapping.date_order = DateOrder::kDayMonthYear;
  mapping.decimal_mark = DecimalMark::kComma;
  return mapping;
}

std::vector<Value> ForeignRow() { return {"Ann", "006A1", "1.234,50 €", "22.11.2026", "Won"}; }

Refusal RefusalOf(MappedRowReader& reader, const std::vector<Value>& values) {
  sales::Sale row;
  return reader.Read(values, row).value_or(Refusal{"", ""});
}

TEST(MappedRow, IsReadAsItsMappingSays) {
  auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, nullptr);
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->file_columns(), ElementsAre(0, 2, 3, 4, 5));
  EXPECT_FALSE(reader->schema().has_numeric_ids());
  sales::Sale row;
  row.texts = {"left", "over"};
  ASSERT_FALSE(reader->Read(ForeignRow(), row));
  EXPECT_EQ(row.id, "006A1");
  EXPECT_EQ(row.amount, Money::FromCents(123'450));
  EXPECT_EQ(row.sold_on, Date::FromCivil(2026, 11, 22));
  EXPECT_THAT(row.texts,
              ElementsAre(std::nullopt, std::nullopt, "Won", std::nullopt, "Won", "Ann"));
}

TEST(MappedRow, TakesBlanksForNull) {
  auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, nullptr);
  ASSERT_TRUE(reader);
  sales::Sale row;
  ASSERT_FALSE(reader->Read(std::vector<Value>{" ", "", "\xC2\xA0", " ", ""}, row));
  sales::Sale empty;
  empty.texts.resize(6);
  EXPECT_EQ(row, empty);
}

TEST(MappedRow, IsRefusedWithEveryReason) {
  auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, nullptr);
  ASSERT_TRUE(reader);
  const auto changed = [](std::size_t column, Value value) {
    std::vector<Value> values = ForeignRow();
    values[column] = value;
    return values;
  };
  const std::string long_text(256, 'x');
  EXPECT_EQ(RefusalOf(*reader, changed(0, long_text)).column, "OWNER");
  EXPECT_EQ(RefusalOf(*reader, changed(0, std::string_view(long_text).substr(1))).column, "");
  EXPECT_EQ(RefusalOf(*reader, changed(1, long_text)).column, "SALE_ID");
  EXPECT_EQ(RefusalOf(*reader, changed(1, std::string_view(long_text).substr(0, 100))).column, "");
  EXPECT_THAT(RefusalOf(*reader, changed(2, "1,234.50")).reason, HasSubstr("1.234,50"));
  EXPECT_THAT(RefusalOf(*reader, changed(2, "1,505")).reason, HasSubstr("two decimals"));
  EXPECT_THAT(RefusalOf(*reader, changed(2, "10000000000")).reason, HasSubstr("larger"));
  EXPECT_THAT(RefusalOf(*reader, changed(3, "11/22/2026")).reason, HasSubstr("22.11.2026"));
  std::vector<Value> values = changed(2, "secret");
  values[3] = "secret";
  const Refusal refusal = RefusalOf(*reader, values);
  EXPECT_EQ(refusal.column, "AMOUNT");
  EXPECT_THAT(refusal.reason, HasSubstr("; SALE_DATE is not a date"));
  EXPECT_THAT(refusal.reason, Not(HasSubstr("secret")));
}

TEST(MappedRow, LosesNoZerosOfAnId) {
  Mapping mapping = ForeignMapping();
  mapping.text_ids = false;
  auto reader = MappedRowReader::Make(mapping, kForeign, nullptr);
  ASSERT_TRUE(reader);
  const auto with = [](std::string_view id) {
    std::vector<Value> values = ForeignRow();
    values[1] = id;
    return values;
  };
  EXPECT_THAT(RefusalOf(*reader, with("00123")).reason, HasSubstr("begins with a zero"));
  EXPECT_EQ(RefusalOf(*reader, with("123")).reason, "");
  EXPECT_EQ(RefusalOf(*reader, with("0")).reason, "");
}

TEST(MappedRow, IsNoTotalOfOthers) {
  const std::vector<Value> first = {"Ann", "A1", "100", "22.11.2026", "Won"};
  const std::vector<Value> second = {"Ann", "A2", "50,50", "", "Open"};
  const auto after_both = [&](const std::vector<Value>& values) {
    auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, nullptr);
    EXPECT_EQ(RefusalOf(*reader, first).reason, "");
    EXPECT_EQ(RefusalOf(*reader, second).reason, "");
    return RefusalOf(*reader, values).reason;
  };
  EXPECT_THAT(after_both({"", "", "150,50", "", ""}), HasSubstr("is the sum of the rows above"));
  for (const char* word : {"Total", "GRAND TOTAL:", "Subtotal (2 records)", " Summe "}) {
    EXPECT_THAT(after_both({"", word, "1", "", ""}), HasSubstr("of a total")) << word;
    EXPECT_THAT(after_both({word, "", "", "", ""}), HasSubstr("of a total")) << word;
  }
  EXPECT_EQ(after_both({"", "", "150,51", "", ""}), "");
  EXPECT_EQ(after_both({"", "", "150,50", "22.11.2026", ""}), "") << "a deal has a date";
  EXPECT_EQ(after_both({"Total", "", "150,50", "", "Won"}), "") << "and a status";
  EXPECT_EQ(after_both({"Totally", "", "1", "", ""}), "");
}

TEST(MappedRow, IsNoSumWhereNoRowHasMoreThanAnAmount) {
  auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, nullptr);
  ASSERT_TRUE(reader);
  for (const char* amount : {"1", "2", "3"}) {
    EXPECT_EQ(RefusalOf(*reader, {"", "", amount, "", ""}).reason, "") << amount;
  }
}

TEST(MappedRow, NeedsTheColumnsOfItsMapping) {
  auto reader = MappedRowReader::Make(ForeignMapping(), {"Amount", "Closed"}, nullptr);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(reader.error().message, HasSubstr("Opportunity ID"));
  EXPECT_THAT(reader.error().message, HasSubstr("Owner"));
}

TEST(MappedRow, InAnotherCurrencyIsRefused) {
  Mapping mapping = ForeignMapping();
  mapping.currency = "USD";
  auto plain = MappedRowReader::Make(mapping, kForeign, nullptr);
  ASSERT_TRUE(plain);
  EXPECT_THAT(RefusalOf(*plain, ForeignRow()).reason, HasSubstr("import.rates"));
  std::vector<Value> dollars = ForeignRow();
  dollars[2] = "$1.234,50";
  EXPECT_EQ(RefusalOf(*plain, dollars).column, "");
}

RateTable Rates(const std::string& target) {
  return RateTable::ParseCsv("date,currency,rate\n2026-11-22,EUR,1.1\n2026-11-23,SEK,0.1\n",
                             "rates.csv", target)
      .value();
}

TEST(MappedRow, IsTurnedIntoTheReportCurrencyByTheRateOfItsDay) {
  const RateTable rates = Rates("USD");
  for (const auto& currency : {std::optional<std::string>("USD"), std::optional<std::string>()}) {
    Mapping mapping = ForeignMapping();
    mapping.currency = currency;
    auto reader = MappedRowReader::Make(mapping, kForeign, &rates);
    ASSERT_TRUE(reader);
    sales::Sale row;
    ASSERT_FALSE(reader->Read(ForeignRow(), row));
    EXPECT_EQ(row.amount, Money::FromCents(135'795));
    std::vector<Value> dollars = ForeignRow();
    dollars[2] = "$1.234,50";
    ASSERT_FALSE(reader->Read(dollars, row));
    EXPECT_EQ(row.amount, Money::FromCents(123'450));
    EXPECT_THAT(reader->converted(), ElementsAre(Pair("EUR", 1)));
  }
}

TEST(MappedRow, WithoutARateIsRefusedAndToldWhy) {
  const RateTable rates = Rates("USD");
  auto reader = MappedRowReader::Make(ForeignMapping(), kForeign, &rates);
  ASSERT_TRUE(reader);
  const auto refusal = [&](Value amount, Value date) {
    std::vector<Value> values = ForeignRow();
    values[2] = amount;
    values[3] = date;
    return RefusalOf(*reader, values).reason;
  };
  EXPECT_EQ(refusal("12 €", "21.11.2026"),
            "is in EUR, of which rates.csv has no rate of 2026-11-21 or before");
  EXPECT_EQ(refusal("12 €", ""), "is in EUR, and without a date there is no rate to take");
  EXPECT_EQ(refusal("CHF 12", "22.11.2026"), "is in CHF, of which rates.csv has no rate");
  EXPECT_THAT(refusal("12 kr", "23.11.2026"), HasSubstr("several currencies are written"));
  EXPECT_EQ(refusal("SEK 12", "23.11.2026"), "");
  EXPECT_THAT(refusal("9.999.999.999,99 €", "22.11.2026"), HasSubstr("larger"));
  EXPECT_THAT(reader->converted(), ElementsAre(Pair("SEK", 1)));
}

TEST(MappedRow, IsNotTurnedByRatesOfAnotherCurrency) {
  Mapping mapping = ForeignMapping();
  mapping.currency = "GBP";
  const RateTable rates = Rates("USD");
  auto reader = MappedRowReader::Make(mapping, kForeign, &rates);
  ASSERT_TRUE(reader);
  EXPECT_THAT(RefusalOf(*reader, ForeignRow()).reason, HasSubstr("is in EUR and not in GBP"));
}

TEST(MappedRow, MayNameItsCurrencyInAColumn) {
  Mapping mapping = ForeignMapping();
  mapping.currency = "USD";
  mapping.currency_column = "Currency";
  auto reader = MappedRowReader::Make(mapping, kForeign, nullptr);
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->file_columns(), ElementsAre(0, 2, 3, 4, 5, 6));
  const auto with = [](std::string_view amount, Value currency) {
    std::vector<Value> values = ForeignRow();
    values[2] = amount;
    values.push_back(currency);
    return values;
  };
  for (const char* same : {"USD", "usd", " USD ", "US Dollar", ""}) {
    EXPECT_EQ(RefusalOf(*reader, with("12", same)).reason, "") << same;
  }
  EXPECT_THAT(RefusalOf(*reader, with("12", "Euro")).reason, HasSubstr("is in EUR and not in USD"));
  EXPECT_THAT(RefusalOf(*reader, with("€ 12", "USD")).column, "AMOUNT");
  EXPECT_THAT(RefusalOf(*reader, with("€ 12", std::nullopt)).column, "AMOUNT");
}

}  // namespace
}  // namespace revops::mapping
