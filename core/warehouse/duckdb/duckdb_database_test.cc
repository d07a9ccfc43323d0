#include "core/warehouse/duckdb/duckdb_database.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/clock.h"
#include "core/base/time_zone.h"
#include "core/warehouse/duckdb/test_database.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<sales::Sale> AllRows(DuckDbDatabase& database) {
  const SystemClock clock;
  const auto warehouse = database.AsWarehouse({}, clock);
  auto read = warehouse->BeginRead({});
  EXPECT_TRUE(read) << Describe(read.error());
  SaleCollector collector;
  EXPECT_TRUE((*read)->ReadDays(DaySelection::All(), collector));
  return collector.rows;
}

TEST(DuckDbDatabase, TakesTheSampleAndGivesItBack) {
  const auto database = OpenForTest();
  ASSERT_TRUE(database->CreateSalesTable());
  ASSERT_TRUE(database->CreateSalesTable());
  const auto inserted = Sql(*database, ReadText("contracts/sample_sales.sql"));
  ASSERT_TRUE(inserted) << Describe(inserted.error());
  EXPECT_EQ(inserted->rows_changed, 8U);
  const auto rows = AllRows(*database);
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows.front().id, "2");
  EXPECT_EQ(rows.front().amount, Money::FromCents(7'500'000));
  EXPECT_THAT(rows.front().texts,
              ElementsAre("Sage Intacct", "North", "Proposal", "TechStart", "Open"));
}

TEST(DuckDbDatabase, FindsColumnsInAnyCaseAndOrderAndOfWiderTypes) {
  const auto database = OpenForTest();
  ASSERT_TRUE(Sql(*database,
                  "CREATE TABLE Fct_Sales (status VARCHAR, Owner VARCHAR, sale_date DATE, amount "
                  "INTEGER, \"Sale_Id\" BIGINT, region VARCHAR, stage VARCHAR, product VARCHAR, "
                  "customer_name VARCHAR)"));
  ASSERT_TRUE(Sql(*database,
                  "INSERT INTO fct_sales VALUES ('Open', 'x', DATE '2026-11-22', -3, 7, 'North', "
                  "'Proposal', 'Sage HR', 'Acme')"));
  const auto rows = AllRows(*database);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().id, "7");
  EXPECT_EQ(rows.front().amount, Money::FromCents(-300));
  EXPECT_THAT(rows.front().texts, ElementsAre("Sage HR", "North", "Proposal", "Acme", "Open", "x"));
}

TEST(DuckDbDatabase, OrdersAndGroupsBytewiseWhateverTheCollation) {
  const auto database = OpenForTest();
  ASSERT_TRUE(Sql(*database,
                  "CREATE TABLE FCT_SALES (SALE_ID DECIMAL(38,0), PRODUCT VARCHAR COLLATE NOCASE, "
                  "REGION VARCHAR, AMOUNT DECIMAL(12,2), STAGE VARCHAR, CUSTOMER_NAME VARCHAR, "
                  "SALE_DATE DATE, STATUS VARCHAR)"));
  ASSERT_TRUE(Sql(*database, "INSERT INTO FCT_SALES (PRODUCT) VALUES ('a'), ('B'), ('A')"));
  std::vector<std::optional<std::string>> products;
  for (const sales::Sale& sale : AllRows(*database)) products.push_back(sale.texts.front());
  EXPECT_THAT(products, ElementsAre("A", "B", "a"));
  const SystemClock clock;
  const auto warehouse = database->AsWarehouse({}, clock);
  EXPECT_EQ((*warehouse->BeginRead({}))->AggregateDays(DaySelection::All())->size(), 3U);
}

TEST(DuckDbDatabase, ReadsDatesThatNoSnapshotHoldsAsUndated) {
  const auto database = OpenForTest();
  ASSERT_TRUE(database->CreateSalesTable());
  ASSERT_TRUE(Sql(*database,
                  "INSERT INTO FCT_SALES (SALE_ID, SALE_DATE) VALUES (1, 'infinity'), (2, "
                  "'-infinity'), (3, '12000-01-01'), (4, '0001-01-01 (BC)'), (5, NULL), (6, "
                  "'9999-12-31'), (7, '0001-01-01')"));
  const auto rows = AllRows(*database);
  std::vector<std::pair<std::string, bool>> found;
  for (const sales::Sale& sale : rows) found.emplace_back(*sale.id, sale.date_unrepresentable);
  const std::vector<std::pair<std::string, bool>> expected = {
      {"7", false}, {"6", false}, {"1", true}, {"2", true}, {"3", true}, {"4", true}, {"5", false}};
  EXPECT_EQ(found, expected);
  const SystemClock clock;
  const auto warehouse = database->AsWarehouse({}, clock);
  auto read = warehouse->BeginRead({});
  EXPECT_EQ((*read)->ReadDayDigests()->days.back().rows, 5U);
  EXPECT_EQ((*read)->AggregateDays({{}, true})->front().tally.deals, 5U);
  const auto report = warehouse->Examine();
  ASSERT_TRUE(report);
  EXPECT_TRUE(std::any_of(report->findings.begin(), report->findings.end(),
                          [](const auto& f) { return f.check == "undated" && !f.ok; }));
}

TEST(DuckDbDatabase, TellsAnInfiniteDateFromAMissingOne) {
  const auto database = OpenForTest();
  ASSERT_TRUE(database->CreateSalesTable());
  ASSERT_TRUE(Sql(*database, "INSERT INTO FCT_SALES (SALE_ID) VALUES (1)"));
  const SystemClock clock;
  const auto warehouse = database->AsWarehouse({}, clock);
  const auto before = (*warehouse->BeginRead({}))->ReadDayDigests();
  ASSERT_TRUE(Sql(*database, "UPDATE FCT_SALES SET SALE_DATE = 'infinity'"));
  EXPECT_NE((*warehouse->BeginRead({}))->ReadDayDigests()->days, before->days);
}

TEST(DuckDbDatabase, GivesTheRecentSalesWithTotalsOfTheWindow) {
  const auto database = OpenForTest();
  ASSERT_TRUE(database->CreateSalesTable());
  ASSERT_TRUE(Sql(*database, ReadText("contracts/sample_sales.sql")));
  const SystemClock clock;
  const Date today = TimeZone::Utc().DateAt(clock.Now());
  const auto warehouse = database->AsWarehouse({}, clock);
  const auto recent =
      warehouse->ReadRecentSales({{today - 29, today + 1}, 3, Clock::SteadyTime::max(), {}});
  ASSERT_TRUE(recent) << Describe(recent.error());
  ASSERT_EQ(recent->rows.size(), 3U);
  EXPECT_EQ(recent->rows.front().id, "7");
  EXPECT_EQ(recent->totals[sales::Status::kOpen].deals, 3U);
  EXPECT_EQ(recent->totals.total().amount.ToString(), "490000.00");
}

}  // namespace
}  // namespace revops::warehouse
