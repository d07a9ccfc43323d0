#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/decode.h"
#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kLastMonth[] = "/api/sales/last-month";

TEST(LastMonth, AnswersFromTheWarehouseEvenBeforeAnySnapshot) {
  TestService test;
  test.live.rows = SampleRows(TestService::Today());
  const Seen seen = test.Get(kLastMonth);
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.header("Cache-Control"), "no-store");
  EXPECT_EQ(seen.header("ETag"), "");
  EXPECT_THAT(seen.body, HasSubstr("\"source\":\"live\""));
  EXPECT_THAT(seen.body, HasSubstr("\"page\":{\"limit\":1000,\"more\":false}"));
  EXPECT_THAT(seen.body, HasSubstr("\"rows\":8"));
}

TEST(LastMonth, TakesThirtyDatesAndToday) {
  TestService test;
  const Date today = TestService::Today();
  for (const int ago : {31, 30, 29, 1, 0, -1}) {
    SampleRow row = SampleRows(today).front();
    row.id = "ago" + std::to_string(ago);
    row.sold_on = today - ago;
    test.live.rows.push_back(row);
  }
  const Seen seen = test.Get(kLastMonth);
  for (const std::string inside : {"ago29", "ago1\"", "ago0"}) {
    EXPECT_THAT(seen.body, HasSubstr(inside));
  }
  for (const std::string outside : {"ago31", "ago30", "ago-1"}) {
    EXPECT_THAT(seen.body, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(seen.body, HasSubstr("\"window\":{\"start\":\"2026-10-24\",\"end\":\"2026-11-23\","
                                   "\"zone\":\"UTC\",\"partial\":true}"));
}

struct ZoneCase {
  std::string zone;
  std::string now;
  std::string business_date;
};

TEST(LastMonth, CountsDaysInTheZoneOfTheSnapshotsDefinitions) {
  const std::vector<ZoneCase> cases = {
      {"Pacific/Auckland", "2026-11-22T10:30:00Z", "2026-11-22"},
      {"Pacific/Auckland", "2026-11-22T11:30:00Z", "2026-11-23"},
      {"America/Los_Angeles", "2026-11-22T07:30:00Z", "2026-11-21"},
      {"America/Los_Angeles", "2026-11-22T08:30:00Z", "2026-11-22"},
  };
  for (const ZoneCase& row : cases) {
    TestService test(TestService::ToInstant(row.now));
    SampleSnapshot sample = SampleOf(SampleRows(TestService::Today()), TestService::Today());
    sample.definitions.zone = row.zone;
    sample.definitions.version = 7;
    test.Publish(sample);
    const Seen seen = test.Get(kLastMonth);
    EXPECT_THAT(seen.body, HasSubstr("\"business_date\":\"" + row.business_date + "\",\"zone\":\"" +
                                     row.zone + "\",\"definitions_version\":7"))
        << row.now;
    EXPECT_EQ(test.live.questions.back().window.end, *Date::Parse(row.business_date) + 1);
  }
}

TEST(LastMonth, SaysWhenTheBudgetOfStatementsIsSpentAndWhenToAskAgain) {
  TestService test(TestService::ToInstant("2026-11-22T10:00:00Z"), {.statements_per_minute = 2});
  EXPECT_EQ(test.Get(kLastMonth).status, 200);
  EXPECT_EQ(test.Get(kLastMonth).status, 200);
  const Seen spent = test.Get(kLastMonth);
  EXPECT_EQ(spent.status, 503);
  EXPECT_EQ(spent.header("Retry-After"), "30");
  EXPECT_THAT(spent.body, HasSubstr("\"code\":\"budget_exhausted\""));
  EXPECT_THAT(spent.body, HasSubstr("\"retryable\":true"));
  test.clock.Advance(std::chrono::seconds(30));
  EXPECT_EQ(test.Get(kLastMonth).status, 200);
}

TEST(LastMonth, GivesTheWarehouseTwentyFiveSeconds) {
  TestService test;
  ASSERT_EQ(test.Get("/api/sales/last-month?limit=5000").status, 200);
  EXPECT_EQ(test.live.questions.back().deadline, test.clock.SteadyNow() + std::chrono::seconds(25));
  EXPECT_EQ(test.live.questions.back().rows_max, 5000U);
}

TEST(LastMonth, ListsFewerRowsThanAskedForAndTotalsAll) {
  TestService test;
  test.live.rows = SampleRows(TestService::Today());
  const Seen seen = test.Get("/api/sales/last-month?limit=2");
  EXPECT_THAT(seen.body, HasSubstr("\"sale_id\":\"7\""));
  EXPECT_THAT(seen.body, Not(HasSubstr("\"sale_id\":\"8\"")));
  EXPECT_THAT(seen.body, HasSubstr("\"totals\":{\"deals\":8,"));
  EXPECT_THAT(seen.body, HasSubstr("\"page\":{\"limit\":2,\"more\":true}"));
}

TEST(LastMonth, StaysBelowFiveMegabytes) {
  TestService test;
  SampleRow row = SampleRows(TestService::Today()).front();
  row.customer = std::string(4000, 'c');
  for (int i = 0; i < 2000; ++i) {
    row.id = std::to_string(i);
    test.live.rows.push_back(row);
  }
  const Seen seen = test.Get("/api/sales/last-month?limit=5000");
  EXPECT_LE(seen.body.size(), 5'000'000U);
  EXPECT_GT(seen.body.size(), 4'900'000U);
  EXPECT_THAT(seen.body.substr(seen.body.size() - 2000), HasSubstr("\"more\":true"));
  EXPECT_THAT(seen.body.substr(seen.body.size() - 2000), HasSubstr("\"deals\":2000"));
}

TEST(LastMonth, ShowsValuesAsTheyStandInTheTable) {
  TestService test;
  SampleRow row;
  row.id = "9";
  row.region = " north ";
  row.status = "";
  row.customer = "A \"B\" \xFF";
  row.sold_on = TestService::Today();
  test.live.rows = {row};
  const Seen seen = test.Get(kLastMonth);
  EXPECT_THAT(
      seen.body,
      HasSubstr("{\"sale_id\":\"9\",\"product\":null,\"region\":\" north \",\"amount\":null,"
                "\"stage\":null,\"customer_name\":\"A \\\"B\\\" \xEF\xBF\xBD\","
                "\"sale_date\":\"2026-11-22\",\"status\":\"\"}"));
  EXPECT_THAT(seen.body, HasSubstr("\"amount\":null,\"average\":null,"));
  EXPECT_THAT(seen.body, HasSubstr("\"unknown\":{\"deals\":1,\"priced\":0,\"amount\":null,"));
}

TEST(LastMonth, GivesCsv) {
  TestService test;
  SampleRow row = SampleRows(TestService::Today()).front();
  row.customer = "=HYPERLINK(\"x\")";
  row.amount = "-5";
  test.live.rows = {row};
  const Seen seen = test.Get(kLastMonth, {{"Accept", "text/csv"}});
  EXPECT_EQ(seen.header("Content-Disposition"),
            "attachment; filename=\"last-month-sales-2026-11-22.csv\"");
  EXPECT_EQ(seen.body,
            "\"sale_id\",\"product\",\"region\",\"amount\",\"stage\",\"customer_name\","
            "\"sale_date\",\"status\"\r\n"
            "1,\"Sage Intacct\",\"North\",-5.00,\"Negotiation\",\"'=HYPERLINK(\"\"x\"\")\","
            "2026-11-07,\"Closed\"\r\n");
  const Seen raw = test.Get("/api/sales/last-month?format=csv", {{"X-Raw", "1"}});
  EXPECT_THAT(raw.body, HasSubstr(",\"=HYPERLINK(\"\"x\"\")\","));
}

TEST(LastMonth, CompressesTheAnswer) {
  TestService test;
  test.live.rows = SampleRows(TestService::Today());
  const std::string plain = test.Get(kLastMonth).body;
  const Seen seen = test.Get(kLastMonth, {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(seen.header("Content-Encoding"), "gzip");
  EXPECT_EQ(Decode(Coding::kGzip, seen.body), plain);
}

TEST(LastMonth, NeverBlamesTheAskerForTheWarehouse) {
  const std::vector<std::pair<ErrorCode, int>> cases = {
      {ErrorCode::kInvalidArgument, 502},  {ErrorCode::kNotFound, 502},
      {ErrorCode::kAlreadyExists, 502},    {ErrorCode::kUnauthenticated, 502},
      {ErrorCode::kPermissionDenied, 502}, {ErrorCode::kUnavailable, 503},
      {ErrorCode::kTimeout, 504},          {ErrorCode::kResourceExhausted, 503},
      {ErrorCode::kCorrupt, 502},          {ErrorCode::kUnsupported, 502},
      {ErrorCode::kCancelled, 503},        {ErrorCode::kInternal, 502},
  };
  TestService test;
  test.PublishSampleRows();
  for (const auto& [code, status] : cases) {
    for (const std::string origin : {"", "duckdb:catalog"}) {
      test.live.error = Error{code, "The table FCT_SALES is missing.", origin, {}};
      const Seen seen = test.Get(kLastMonth);
      EXPECT_EQ(seen.status, status) << ToString(code) << origin;
      EXPECT_EQ(seen.header("Retry-After").empty(), status == 502);
      EXPECT_THAT(seen.body, HasSubstr("The table FCT_SALES is missing."));
      EXPECT_THAT(seen.body, Not(HasSubstr("duckdb")));
    }
  }
  EXPECT_EQ(test.Get("/api/summary").status, 200);
}

}  // namespace
}  // namespace revops::api
