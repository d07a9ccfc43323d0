#include "core/warehouse/snowflake/type_map.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/logging.h"

namespace revops::warehouse {
namespace {

using testing::HasSubstr;

std::vector<ResultColumn> FctSales() {
  return {{"SALE_ID", "fixed", 38, 0, 0}, {"PRODUCT", "text", 0, 0, 50},
          {"REGION", "text", 0, 0, 20},   {"AMOUNT", "fixed", 12, 2, 0},
          {"STAGE", "text", 0, 0, 30},    {"CUSTOMER_NAME", "text", 0, 0, 100},
          {"SALE_DATE", "date", 0, 0, 0}, {"STATUS", "text", 0, 0, 20}};
}

ResultColumn& Find(std::vector<ResultColumn>& columns, const std::string& name) {
  return *std::find_if(columns.begin(), columns.end(),
                       [&](const ResultColumn& column) { return column.name == name; });
}

TEST(DecodeDays, TakesEveryDay) {
  const std::vector<std::pair<std::string, std::int32_t>> days = {
      {"0", 0},
      {"18262", 18262},
      {"-1", -1},
      {"-719162", -719162},
      {"-719163", -719163},
      {"2932896", 2932896},
      {"2932897", 2932897},
      {"2147483647", std::numeric_limits<std::int32_t>::max()},
      {"-2147483648", std::numeric_limits<std::int32_t>::min()},
  };
  for (const auto& [text, day] : days) EXPECT_EQ(DecodeDays(text), day) << text;
  EXPECT_EQ(Date::FromDays(*DecodeDays("18262")).ToString(), "2020-01-01");
}

TEST(DecodeDays, RefusesAnythingElse) {
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "1e3", "0x1", "--1", "-", "2147483648",
                           "-2147483649", "2020-01-01", "NaN"}) {
    EXPECT_FALSE(DecodeDays(text)) << text;
  }
  EXPECT_FALSE(DecodeDays(std::string_view("1\0", 2)));
}

TEST(DecodeInteger, TakesThirtyEightDigits) {
  const std::string nines(38, '9');
  for (const std::string& text :
       {std::string("0"), std::string("1"), std::string("-1"), nines, "-" + nines}) {
    const auto number = DecodeInteger(text);
    ASSERT_TRUE(number) << text;
    EXPECT_EQ(ToDecimal(*number), text);
  }
}

TEST(DecodeInteger, RefusesAnythingElse) {
  for (const char* text : {"", "-", "+1", "1.0", "1.", " 1", "1 ", "1e3", "0x1", "NaN", "true",
                           "999999999999999999999999999999999999999999"}) {
    EXPECT_FALSE(DecodeInteger(text)) << text;
  }
}

// Ids are compared as text, so each number has one spelling.
TEST(DecodeInteger, RefusesAnotherSpelling) {
  for (const char* text : {"00", "007", "-0", "-01"}) EXPECT_FALSE(DecodeInteger(text)) << text;
}

TEST(DecodeMoney, TakesScaleZeroToTwo) {
  const std::vector<std::pair<std::string, std::string>> amounts = {
      {"0", "0.00"},
      {"0.00", "0.00"},
      {"7", "7.00"},
      {"7.5", "7.50"},
      {"7.05", "7.05"},
      {"-7.05", "-7.05"},
      {"-0.01", "-0.01"},
      {".50", "0.50"},
      {"9999999999.99", "9999999999.99"},
      {"999999999999999999999999999999999999.99", "999999999999999999999999999999999999.99"},
      {"-999999999999999999999999999999999999.99", "-999999999999999999999999999999999999.99"},
  };
  for (const auto& [text, amount] : amounts) {
    const auto money = DecodeMoney(text);
    ASSERT_TRUE(money) << text;
    EXPECT_EQ(money->ToString(), amount);
  }
}

TEST(DecodeMoney, RefusesWhatItCannotHoldExactly) {
  for (const char* text : {"", "-", ".", "1.005", "1.000", "1e2", "inf", "NaN", "1,5", "+1", " 1",
                           "99999999999999999999999999999999999999"}) {
    EXPECT_FALSE(DecodeMoney(text)) << text;
  }
}

struct Timestamp {
  std::string text;
  std::string at;
  std::string literal;
};

TEST(DecodeInstant, TakesEveryForm) {
  const std::vector<Timestamp> timestamps = {
      {"1795312800.123456789", "2026-11-22T02:00:00.123Z", "2026-11-22 02:00:00.123456789 +0000"},
      {"1795312800123456789", "2026-11-22T02:00:00.123Z", "2026-11-22 02:00:00.123456789 +0000"},
      {"82919.000000000", "1970-01-01T23:01:59.000Z", "1970-01-01 23:01:59.000000000 +0000"},
      {"0.000000000", "1970-01-01T00:00:00.000Z", "1970-01-01 00:00:00.000000000 +0000"},
      {"0.999999999", "1970-01-01T00:00:00.999Z", "1970-01-01 00:00:00.999999999 +0000"},
      {"253402300799.999999999", "9999-12-31T23:59:59.999Z", "9999-12-31 23:59:59.999999999 +0000"},
      // A column of another scale.
      {"1795312800.123456", "2026-11-22T02:00:00.123Z", "2026-11-22 02:00:00.123456000 +0000"},
      {"1795312800.123", "2026-11-22T02:00:00.123Z", "2026-11-22 02:00:00.123000000 +0000"},
      {"1795312800.1", "2026-11-22T02:00:00.100Z", "2026-11-22 02:00:00.100000000 +0000"},
      {"1795312800", "2026-11-22T02:00:00.000Z", "2026-11-22 02:00:00.000000000 +0000"},
  };
  for (const Timestamp& timestamp : timestamps) {
    SCOPED_TRACE(timestamp.text);
    const auto instant = DecodeInstant(timestamp.text);
    ASSERT_TRUE(instant);
    EXPECT_EQ(ToString(instant->at), timestamp.at);
    EXPECT_EQ(instant->literal, timestamp.literal);
  }
}

TEST(DecodeInstant, RefusesAnythingElse) {
  for (const char* text : {"",
                           ".",
                           "-",
                           ".000000000",
                           "1.",
                           "1.0000000000",
                           "-0.500000000",
                           "-1.000000000",
                           "-1",
                           "+1.000000000",
                           "1.00000000x",
                           "1.0000-0000",
                           " 1.000000000",
                           "1.000000000 1440",
                           "253402300800.000000000",
                           "99999999999999999999.000000000",
                           "99999999999999999999999999999999",
                           "1e9",
                           "2026-11-22 02:00:00",
                           "NaN"}) {
    EXPECT_FALSE(DecodeInstant(text)) << text;
  }
}

TEST(ToSalesTable, FindsTheColumnsInAnyOrderAndCase) {
  auto columns = FctSales();
  std::reverse(columns.begin(), columns.end());
  columns.insert(columns.begin() + 2, {"EXTRA", "variant", 0, 0, 0});
  Find(columns, "REGION").name = "Re\"gion";
  columns.push_back({"region", "text", 0, 0, 50});
  const auto table = ToSalesTable(columns);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->schema, sales::Schema::FctSales());
  ASSERT_EQ(table->names.size(), 8U);
  EXPECT_EQ(table->names[0], "\"SALE_ID\"");
  EXPECT_EQ(table->names[2], "\"region\"");
}

TEST(ToSalesTable, KnowsTextualIds) {
  auto columns = FctSales();
  Find(columns, "SALE_ID") = {"SALE_ID", "text", 0, 0, 20};
  const auto table = ToSalesTable(columns);
  ASSERT_TRUE(table);
  EXPECT_FALSE(table->schema.has_numeric_ids());
}

TEST(ToSalesTable, TakesFurtherTextsAsDimensions) {
  auto columns = FctSales();
  columns.push_back({"Owner", "text", 0, 0, 50});
  columns.insert(columns.begin(), {"LOADED_AT", "timestamp_ntz", 0, 9, 0});
  columns.push_back({"OWNER", "text", 0, 0, 50});
  columns.push_back({"SEGMENT", "text", 0, 0, 50});
  const auto table = ToSalesTable(columns);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->schema, *sales::Schema::ForSales({"OWNER", "SEGMENT"}, false));
  EXPECT_EQ(table->names[8], "\"Owner\"");
  ASSERT_EQ(table->left_out.size(), 2U);
  EXPECT_EQ(table->left_out[0].name, "LOADED_AT");
  EXPECT_EQ(table->left_out[1].name, "OWNER");
}

TEST(ToSalesTable, TakesAmountsOfScaleZeroToTwo) {
  for (const int scale : {0, 1, 2}) {
    auto columns = FctSales();
    Find(columns, "AMOUNT").scale = scale;
    EXPECT_TRUE(ToSalesTable(columns)) << scale;
  }
}

TEST(ToSalesTable, SaysWhatToChange) {
  for (const ResultColumn& missing : FctSales()) {
    auto columns = FctSales();
    std::erase(columns, missing);
    const auto table = ToSalesTable(columns);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(table.error().message, HasSubstr(missing.name));
  }
  const std::vector<std::pair<std::string, ResultColumn>> others = {
      {"SALE_ID", {"SALE_ID", "fixed", 38, 2, 0}},
      {"SALE_ID", {"SALE_ID", "real", 0, 0, 0}},
      {"AMOUNT", {"AMOUNT", "real", 0, 0, 0}},
      {"AMOUNT", {"AMOUNT", "fixed", 12, 3, 0}},
      {"AMOUNT", {"AMOUNT", "text", 0, 0, 20}},
      {"SALE_DATE", {"SALE_DATE", "timestamp_ntz", 0, 9, 0}},
      {"SALE_DATE", {"SALE_DATE", "text", 0, 0, 10}},
      {"REGION", {"REGION", "variant", 0, 0, 0}},
      {"STATUS", {"STATUS", "fixed", 1, 0, 0}},
  };
  for (const auto& [name, column] : others) {
    auto columns = FctSales();
    Find(columns, name) = column;
    const auto table = ToSalesTable(columns);
    ASSERT_FALSE(table) << name << " " << column.type;
    EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(table.error().message, HasSubstr(name));
  }
}

TEST(SnowflakeTable, NoticesOtherColumns) {
  const auto table = *ToSalesTable(FctSales());
  EXPECT_TRUE(fits(table, FctSales()));
  auto longer = FctSales();
  longer.push_back({"MORE", "text", 0, 0, 1});
  EXPECT_TRUE(fits(table, longer));
  auto shorter = FctSales();
  shorter.pop_back();
  EXPECT_FALSE(fits(table, shorter));
  for (std::size_t i = 0; i < 8; ++i) {
    auto other = FctSales();
    other[i].type = other[i].type == "text" ? "date" : "text";
    EXPECT_FALSE(fits(table, other)) << i;
  }
  auto finer = FctSales();
  Find(finer, "AMOUNT").scale = 3;
  EXPECT_FALSE(fits(table, finer));
}

using Row = std::vector<std::optional<std::string>>;

const Row kRow = {"42", "Sage HR", "North", "150000.00", "Proposal", "Acme", "20779", "Open"};

std::string Body(const Row& row) {
  std::string body = "[[";
  for (const auto& cell : row) {
    if (body.size() > 2) body += ',';
    if (cell) AppendJsonString(body, *cell);
    if (!cell) body += "null";
  }
  return body + "]]";
}

Result<sales::Sale> Read(const Row& row, const sales::Schema& schema = sales::Schema::FctSales()) {
  const std::string body = Body(row);
  auto answer = ReadApiAnswer(body);
  EXPECT_TRUE(answer);
  SaleReader reader(schema);
  REVOPS_TRY_ASSIGN(const auto views, reader.Read(answer->cells));
  EXPECT_EQ(views.size(), 1U);
  return sales::ToSale(views[0]);
}

Row With(std::size_t column, std::optional<std::string> value) {
  Row row = kRow;
  row[column] = std::move(value);
  return row;
}

TEST(SaleReader, ReadsARow) {
  const auto sale = Read(kRow);
  ASSERT_TRUE(sale);
  EXPECT_EQ(sale->id, "42");
  EXPECT_EQ(sale->sold_on, Date::Parse("2026-11-22"));
  EXPECT_EQ(sale->amount, Money::FromCents(15'000'000));
  EXPECT_EQ(sale->texts, (std::vector<std::optional<std::string>>{"Sage HR", "North", "Proposal",
                                                                  "Acme", "Open"}));
}

TEST(SaleReader, ReadsNulls) {
  const auto sale = Read(Row(8, std::nullopt));
  ASSERT_TRUE(sale);
  EXPECT_EQ(*sale, (sales::Sale{{}, {}, {}, std::vector<std::optional<std::string>>(5), false}));
}

TEST(SaleReader, TellsDatesBeyondTheCalendarFromNull) {
  EXPECT_EQ(Read(With(6, "-719162"))->sold_on, Date::Parse("0001-01-01"));
  EXPECT_EQ(Read(With(6, "2932896"))->sold_on, Date::Parse("9999-12-31"));
  for (const char* day : {"-719163", "2932897", "-2147483648"}) {
    const auto sale = Read(With(6, day));
    ASSERT_TRUE(sale);
    EXPECT_FALSE(sale->sold_on);
    EXPECT_TRUE(sale->date_unrepresentable);
  }
}

TEST(SaleReader, RefusesValuesOfAnotherType) {
  const std::vector<std::pair<std::size_t, std::string>> values = {
      {0, "x"}, {0, "1.5"}, {0, "007"}, {0, ""},      {6, "2026-11-22"},
      {6, ""},  {3, "x"},   {3, ""},    {3, "1.005"}, {3, "1e3"}};
  for (const auto& [column, value] : values) {
    const auto sale = Read(With(column, value));
    ASSERT_FALSE(sale) << column << " " << value;
    EXPECT_EQ(sale.error().code, ErrorCode::kUnavailable);
  }
}

TEST(SaleReader, KeepsTextualIdsAsTheyAre) {
  auto columns = FctSales();
  Find(columns, "SALE_ID") = {"SALE_ID", "text", 0, 0, 20};
  const auto schema = ToSalesTable(columns)->schema;
  EXPECT_EQ(Read(With(0, "007"), schema)->id, "007");
  EXPECT_EQ(Read(With(0, ""), schema)->id, "");
}

using Text = std::optional<std::string>;

/// What we make of a cell of that type ("fixed 2"), written as the golden writes values.
Result<Text> Canonical(const std::string& type, const Text& text) {
  const auto written = [](const auto& value) { return value ? Text(value->ToString()) : Text(); };
  if (type == "timestamp_ltz 9") {
    const auto instant = text ? DecodeInstant(*text) : std::nullopt;
    return instant ? Text(ToString(instant->at)) : Text();
  }
  const std::size_t column = type == "fixed 0" ? 0 : type == "fixed 2" ? 3 : type == "date" ? 6 : 1;
  REVOPS_TRY_ASSIGN(const sales::Sale sale, Read(With(column, text)));
  if (column == 0) return sale.id;
  if (column == 3) return written(sale.amount);
  return column == 6 ? written(sale.sold_on) : sale.texts[0];
}

// Made by tests/snowflake/make_fake_golden.py.
TEST(SaleReader, ReadsCellsAsAnIndependentFakeWritesThem) {
  std::ifstream file("contracts/goldens/snowflake/fake_cells.json");
  const auto golden = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto optional = [](const boost::json::value& text) {
    return text.is_null() ? Text() : Text(text.as_string().c_str());
  };
  ASSERT_GE(golden.at("cells").as_array().size(), 30U);
  for (const boost::json::value& cell : golden.at("cells").as_array()) {
    SCOPED_TRACE(boost::json::serialize(cell));
    std::string type = cell.at("type").as_string().c_str();
    if (cell.at("scale").is_int64()) type += ' ' + std::to_string(cell.at("scale").as_int64());
    const auto value = Canonical(type, optional(cell.at("text")));
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(*value, optional(cell.at("value")));
  }
}

}  // namespace
}  // namespace revops::warehouse
