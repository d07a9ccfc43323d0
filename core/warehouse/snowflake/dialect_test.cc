#include "core/warehouse/snowflake/dialect.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/base/logging.h"
#include "core/warehouse/contract_rows_testing.h"

namespace revops::warehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kGolden = "contracts/goldens/snowflake/statements.json";
constexpr const char* kInstant = "2026-11-22 02:00:00.123456789 +0000";

Date Day(const char* text) { return *Date::Parse(text); }

SnowflakeTable FctSales() {
  SnowflakeTable table{sales::Schema::FctSales(), {}, {}};
  for (const sales::Column& column : table.schema.columns()) {
    table.names.push_back(QuotedName(column.name));
  }
  return table;
}

/// Textual ids, and names as nobody should choose them.
SnowflakeTable OddSales() {
  std::vector<sales::Column> columns = sales::Schema::FctSales().columns();
  SnowflakeTable table = FctSales();
  columns[table.schema.id_column()].type = sales::ColumnType::kText;
  table.schema = *sales::Schema::Make(columns);
  table.names[0] = QuotedName("Sale \"Id\"");
  return table;
}

std::map<std::string, SqlStatement> Statements() {
  const SnowflakeTable table = FctSales();
  const SnowflakeTable odd = OddSales();
  const TableState then{kInstant};
  const DaySelection november = {{{Day("2026-11-01"), Day("2026-12-01")}}, false};
  const DaySelection parts = {
      {{Day("2026-01-01"), Day("2026-02-01")}, {Day("2026-11-01"), Day("2026-11-02")}}, true};
  const DateRange window = {Day("2026-10-24"), Day("2026-11-23")};
  const sales::Definitions plain;
  sales::Definitions bare;
  bare.stages.clear();
  bare.statuses.clear();
  return {
      {"describe", DescribeQuery()},
      {"change_token", ChangeTokenQuery()},
      {"time", TimeQuery()},
      {"day_digests", DayDigestsQuery(table, {})},
      {"day_digests_then", DayDigestsQuery(table, then)},
      {"day_digests_odd", DayDigestsQuery(odd, {})},
      {"read_days", ReadDaysQuery(table, {}, november)},
      {"read_days_all_then", ReadDaysQuery(table, then, DaySelection::All())},
      {"read_days_parts", ReadDaysQuery(table, {}, parts)},
      {"read_days_none", ReadDaysQuery(table, {}, {})},
      {"read_days_odd", ReadDaysQuery(odd, {}, november)},
      {"aggregate", AggregateDaysQuery(table, then, plain, november)},
      {"aggregate_all", AggregateDaysQuery(table, {}, plain, DaySelection::All())},
      {"aggregate_bare", AggregateDaysQuery(table, {}, bare, november)},
      {"aggregate_nasty", AggregateDaysQuery(table, {}, NastyDefinitions(), parts)},
      {"recent_sales", RecentSalesQuery(table, window, 1000)},
      {"recent_sales_odd", RecentSalesQuery(odd, window, 0)},
      {"count", CountQuery(table, Day("2026-11-22"))},
      {"count_odd", CountQuery(odd, Day("9999-12-31"))},
  };
}

std::string ToJson(const std::map<std::string, SqlStatement>& statements) {
  std::string json = "{";
  for (const auto& [name, statement] : statements) {
    json += json.size() > 1 ? ",\n  " : "\n  ";
    AppendJsonString(json, name);
    json += ": {\n    \"sql\": ";
    AppendJsonString(json, statement.sql);
    json += ",\n    \"bindings\": [";
    std::string bindings;
    for (const SqlBinding& binding : statement.bindings) {
      bindings += bindings.empty() ? "\n      [" : ",\n      [";
      AppendJsonString(bindings, binding.type);
      bindings += ", ";
      AppendJsonString(bindings, binding.value);
      bindings += "]";
    }
    json += bindings + (bindings.empty() ? "]\n  }" : "\n    ]\n  }");
  }
  return json + "\n}\n";
}

TEST(DialectGolden, HasNotChanged) {
  const std::string now = ToJson(Statements());
  if (std::getenv("REVOPS_UPDATE_GOLDENS") != nullptr) std::ofstream(kGolden) << now;
  std::ifstream file(kGolden);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), now);
}

TEST(Dialect, HasOneMarkForEachBinding) {
  for (const auto& [name, statement] : Statements()) {
    const auto marks = std::count(statement.sql.begin(), statement.sql.end(), '?');
    EXPECT_EQ(static_cast<std::size_t>(marks), statement.bindings.size()) << name;
  }
}

TEST(Dialect, WritesEqualQuestionsAlike) {
  EXPECT_EQ(ToJson(Statements()), ToJson(Statements()));
  const auto table = FctSales();
  const DateRange window = {Day("2026-10-24"), Day("2026-11-23")};
  EXPECT_EQ(RecentSalesQuery(table, window, 5).sql,
            RecentSalesQuery(table, {window.start + 1, window.end + 1}, 5).sql)
      << "days are bound, not written";
}

TEST(Dialect, WritesNoValueOfTheConfigurationIntoTheText) {
  rc::check([] {
    auto definitions = NastyDefinitions();
    const auto text = *rc::gen::map(rc::gen::container<std::string>(rc::gen::element(
                                        'a', '\'', '"', '?', '\\', ';', '-', '\n', '%')),
                                    [](const std::string& tail) { return "evil" + tail; });
    definitions.aliases["region"][text] = text;
    definitions.stages.push_back(text);
    definitions.stage_aliases[text] = text;
    definitions.statuses[text] = sales::Status::kWon;
    const auto statement = AggregateDaysQuery(FctSales(), {}, definitions, DaySelection::All());
    RC_ASSERT(statement.sql.find("evil") == std::string::npos);
    const auto marks = std::count(statement.sql.begin(), statement.sql.end(), '?');
    RC_ASSERT(static_cast<std::size_t>(marks) == statement.bindings.size());
  });
}

TEST(Dialect, ReadsOneStateEverywhere) {
  const auto table = FctSales();
  for (const auto& statement :
       {DayDigestsQuery(table, {kInstant}), ReadDaysQuery(table, {kInstant}, DaySelection::All()),
        AggregateDaysQuery(table, {kInstant}, {}, DaySelection::All())}) {
    const std::string from =
        std::string("FROM FCT_SALES AT(TIMESTAMP => '") + kInstant + "'::TIMESTAMP_TZ)";
    const auto first = statement.sql.find("FROM FCT_SALES");
    EXPECT_EQ(statement.sql.find(from), first);
    EXPECT_EQ(statement.sql.find("FROM FCT_SALES", first + 1), std::string::npos);
  }
}

TEST(Dialect, AsksTheLiveWindowInOneStatementWithoutTheReadState) {
  const auto statement = RecentSalesQuery(FctSales(), {Day("2026-10-24"), Day("2026-11-23")}, 1000);
  EXPECT_THAT(statement.sql, Not(HasSubstr("AT(")));
  EXPECT_THAT(statement.sql, Not(HasSubstr(";")));
  EXPECT_THAT(statement.sql, HasSubstr("LIMIT 1000"));
  EXPECT_EQ(statement.bindings,
            (std::vector<SqlBinding>{{"TEXT", "2026-10-24"}, {"TEXT", "2026-11-22"}}));
}

TEST(Dialect, BindsDaysWithinTheCalendar) {
  const auto statement = ReadDaysQuery(FctSales(), {}, DaySelection::All());
  EXPECT_EQ(statement.bindings,
            (std::vector<SqlBinding>{{"TEXT", "0001-01-01"}, {"TEXT", "9999-12-31"}}));
  const DateRange wide = {Date::FromDays(-2'000'000), Date::FromDays(9'000'000)};
  EXPECT_EQ(ReadDaysQuery(FctSales(), {}, {{wide}, false}).bindings, statement.bindings);
  const DateRange empty = {Day("2026-11-22"), Day("2026-11-22")};
  const auto none = ReadDaysQuery(FctSales(), {}, {{empty}, false});
  EXPECT_TRUE(none.bindings.empty());
  EXPECT_THAT(none.sql, HasSubstr("FALSE"));
}

TEST(QuotedName, DoublesQuotes) {
  EXPECT_EQ(QuotedName("A"), "\"A\"");
  EXPECT_EQ(QuotedName("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(QuotedName(""), "\"\"");
}

TEST(Dialect, QuotesTheTablesOwnNamesEverywhere) {
  for (const auto& [name, statement] : Statements()) {
    if (!name.ends_with("_odd")) continue;
    EXPECT_THAT(statement.sql, HasSubstr("\"Sale \"\"Id\"\"\"")) << name;
    EXPECT_THAT(statement.sql, Not(HasSubstr("SALE_ID"))) << name;
  }
}

}  // namespace
}  // namespace revops::warehouse
