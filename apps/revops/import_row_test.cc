#include "apps/revops/import_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Value = std::optional<std::string_view>;

const std::vector<std::string> kNames = {"SALE_ID", "PRODUCT",       "REGION",    "AMOUNT",
                                         "STAGE",   "CUSTOMER_NAME", "SALE_DATE", "STATUS"};
constexpr std::size_t kId = 0, kProduct = 1, kRegion = 2, kAmount = 3, kCustomer = 5, kDate = 6;

ImportRowReader Reader() {
  return ImportRowReader::Make(sales::Schema::FctSales(), kNames).value();
}

std::vector<Value> Good() {
  return {"1", "Sage 50", "West", "100.00", "Proposal", "Acme", "2026-11-01", "Open"};
}

/// The good row with one value changed: the column that is refused, empty when the row is taken.
std::string RefusedColumn(std::size_t column, Value value, sales::Sale& row) {
  std::vector<Value> values = Good();
  values[column] = value;
  const auto refusal = Reader().Read(values, row);
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
  EXPECT_EQ(RefusedColumn(column, value, row), kNames[column]) << value.value_or("NULL");
}

std::string Refusal(const std::vector<std::string>& names) {
  const auto reader = ImportRowReader::Make(sales::Schema::FctSales(), names);
  if (reader) return "accepted";
  EXPECT_EQ(reader.error().code, ErrorCode::kInvalidArgument);
  return reader.error().message;
}

std::vector<std::string> With(std::vector<std::string> more) {
  std::vector<std::string> names = kNames;
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

TEST(ImportColumns, MayComeInAnyOrderAndCase) {
  std::vector<std::string> names(kNames.rbegin(), kNames.rend());
  names[0] = "status";
  names[1] = "Sale_Date";
  const auto reader = ImportRowReader::Make(sales::Schema::FctSales(), names);
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->file_columns(), ElementsAre(7, 6, 5, 4, 3, 2, 1, 0));
}

TEST(ImportColumns, AreNamedWhenTheyDoNotFit) {
  const std::string few = Refusal({"SALE_ID", "AMOUNT"});
  EXPECT_THAT(few, HasSubstr("PRODUCT, REGION, STAGE"));
  EXPECT_THAT(few, HasSubstr("it has SALE_ID, AMOUNT"));
  EXPECT_THAT(Refusal(With({"OWNER"})), HasSubstr("OWNER"));
  EXPECT_THAT(Refusal(With({"amount"})), HasSubstr("the column amount twice"));
  EXPECT_NE(Refusal({}), "accepted");
  const std::string many = Refusal(With({"a", "b", "c", "d", "e", "f", "g"}));
  EXPECT_THAT(many, HasSubstr("e, …"));
  EXPECT_THAT(many, Not(HasSubstr("g")));
  EXPECT_LT(Refusal(With({std::string(10'000, 'x')})).size(), 500U);
}

TEST(ImportRow, TakesValuesAsTheyAre) {
  const sales::Sale row = Taken(kCustomer, "Ünïcode, \"quoted\"\n");
  EXPECT_EQ(row.id, "1");
  EXPECT_EQ(row.amount, Money::FromCents(10'000));
  EXPECT_EQ(row.sold_on, Date::Parse("2026-11-01"));
  EXPECT_EQ(row.texts[3], "Ünïcode, \"quoted\"\n");
}

TEST(ImportRow, KeepsNullAndTheEmptyTextApart) {
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

TEST(ImportRow, HoldsIdsTo38Digits) {
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

TEST(ImportRow, HoldsAmountsToTwelveDigits) {
  EXPECT_EQ(Taken(kAmount, "9999999999.99").amount, Money::FromCents(999'999'999'999));
  EXPECT_EQ(Taken(kAmount, "-9999999999.99").amount, Money::FromCents(-999'999'999'999));
  EXPECT_EQ(Taken(kAmount, "-0").amount, Money());
  EXPECT_EQ(Taken(kAmount, ".5").amount, Money::FromCents(50));
  for (const char* bad : {"10000000000", "-10000000000.00", "1.005", "NaN", "inf", "1,5", "1e3",
                          "$1", "1 000", "."}) {
    ExpectRefused(kAmount, bad);
  }
}

TEST(ImportRow, HoldsDatesToTheCalendar) {
  EXPECT_EQ(Taken(kDate, "0001-01-01").sold_on, Date::FromCivil(1, 1, 1));
  EXPECT_EQ(Taken(kDate, "9999-12-31").sold_on, Date::FromCivil(9999, 12, 31));
  EXPECT_TRUE(Taken(kDate, "2024-02-29").sold_on);
  for (const char* bad : {"2026-02-29", "2026-02-30", "0000-12-31", "12000-01-01", "infinity",
                          "22.11.2026", "2026-11-1", "2026-11-01 00:00", "2026-11-01 ", "today"}) {
    ExpectRefused(kDate, bad);
  }
}

TEST(ImportRow, TakesMidnightForADateAndNoOtherTime) {
  for (const char* midnight : {"2026-11-01 00:00:00", "2026-11-01T00:00:00.000"}) {
    EXPECT_EQ(Taken(kDate, midnight).sold_on, Date::FromCivil(2026, 11, 1));
  }
  for (const char* bad : {"2026-11-01 00:00:01", "2026-11-01T23:59:59", "2026-11-01 00:00:00.001",
                          "2026-11-01 00:00:00+00", "2026-11-01T00:00:00Z"}) {
    std::vector<Value> values = Good();
    values[kDate] = bad;
    sales::Sale row;
    const auto refusal = Reader().Read(values, row);
    ASSERT_TRUE(refusal) << bad;
    EXPECT_THAT(refusal->reason, HasSubstr("time of day"));
  }
}

TEST(ImportRow, HoldsTextsToTheirLengthInCharacters) {
  std::string umlauts;
  for (int i = 0; i < 20; ++i) umlauts += "ü";
  EXPECT_EQ(Taken(kRegion, umlauts).texts[1], umlauts);
  ExpectRefused(kRegion, umlauts + "x");
  ExpectRefused(kProduct, std::string(51, 'x'));
  ExpectRefused(kCustomer, std::string(100'000, 'x'));
  ExpectRefused(kCustomer, std::string_view("a\0b", 3));
}

TEST(ImportRow, SaysEveryReasonAndNoValue) {
  std::vector<Value> values = Good();
  values[kAmount] = "secret";
  values[kDate] = "secret";
  sales::Sale row;
  const auto refusal = Reader().Read(values, row);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->column, "AMOUNT");
  EXPECT_THAT(refusal->reason, StartsWith("is not an amount"));
  EXPECT_THAT(refusal->reason, HasSubstr("; SALE_DATE is not a date"));
  EXPECT_THAT(refusal->reason, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace revops::app
