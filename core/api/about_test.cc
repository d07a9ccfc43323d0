#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/catalogue.h"
#include "core/api/openapi_document.h"
#include "core/api/testing/decode.h"
#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;

TEST(Catalogue, SaysWhyAFigureIsNotAvailableAndOnlyThen) {
  std::set<std::string_view> ids;
  for (const Metric& metric : Metrics()) {
    EXPECT_TRUE(ids.insert(metric.id).second) << metric.id;
    EXPECT_EQ(metric.level == "not_available", !metric.reason.empty()) << metric.id;
    EXPECT_FALSE(metric.definition.empty() || metric.formula.empty()) << metric.id;
  }
}

TEST(About, DescribesDefinitionsAndInstallation) {
  TestService test;
  test.status.next = TestService::ToInstant("2026-11-23T02:00:00Z");
  test.status.failed = FailedRun{{ErrorCode::kUnavailable, "No answer.", "duckdb:io", "refresh"},
                                 TestService::ToInstant("2026-11-22T02:00:05Z")};
  const Seen before = test.Get("/api/metrics");
  EXPECT_EQ(before.status, 200);
  EXPECT_THAT(before.body, HasSubstr("\"definitions\":{\"version\":1,\"zone\":\"UTC\",\"currency\":"
                                     "null,\"locale\":\"en-GB\",\"stages\":[\"Prospecting\","));
  EXPECT_THAT(before.body, HasSubstr("\"closed won\":\"won\""));
  EXPECT_THAT(before.body,
              HasSubstr("\"deployment\":{\"label\":\"sample\",\"version\":\"0.1.0\","
                        "\"live_poll_seconds\":15,\"schedule\":\"0 2 * * *\",\"schedule_zone\":"
                        "\"UTC\",\"next_run_at\":\"2026-11-23T02:00:00.000Z\","
                        "\"last_run_failed\":{\"code\":\"unavailable\",\"message\":\"No answer.\","
                        "\"at\":\"2026-11-22T02:00:05.000Z\"},\"warehouse\":\"duckdb\"}"));
  SampleSnapshot sample = SampleOf(SampleRows(TestService::Today()), TestService::Today());
  sample.definitions.currency = "EUR";
  test.Publish(sample);
  const Seen after = test.Get("/api/metrics");
  EXPECT_THAT(after.body, HasSubstr("\"currency\":\"EUR\""));
  EXPECT_NE(after.header("ETag"), before.header("ETag"));
  EXPECT_EQ(test.Get("/api/metrics", {{"If-None-Match", after.header("ETag")}}).status, 304);
}

TEST(About, HasNoLabelForRowsOfOnesOwn) {
  TestService test;
  EXPECT_THAT(test.Get("/api/metrics").body, HasSubstr("\"label\":\"sample\""));
  test.PublishSampleRows();
  EXPECT_THAT(test.Get("/api/metrics").body, HasSubstr("\"label\":\"sample\""));
  SampleSnapshot own = SampleOf(SampleRows(TestService::Today()), TestService::Today());
  own.origin = "own";
  test.Publish(own);
  EXPECT_THAT(test.Get("/api/metrics").body, HasSubstr("\"label\":null"));
}

TEST(About, ListsTheDaysOfTheReceiptAndTheirTotals) {
  TestService test;
  test.status.days = {{{.day = *Date::Parse("2026-11-22"),
                        .statements = 4,
                        .execution = std::chrono::milliseconds(1500),
                        .rows = 20,
                        .bytes = 3000,
                        .avoided_live_questions = 7,
                        .avoided_digests = 1,
                        .avoided_months = 23},
                       {.day = *Date::Parse("2026-11-20"), .statements = 5, .rows = 100}}};
  const Seen seen = test.Get("/api/receipt");
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body,
            "{\"data\":{\"days\":[{\"day\":\"2026-11-22\",\"statements\":4,\"execution_ms\":1500,"
            "\"rows\":20,\"bytes\":3000,\"avoided\":{\"live_questions\":7,\"digests\":1,"
            "\"months\":23}},{\"day\":\"2026-11-20\",\"statements\":5,\"execution_ms\":0,"
            "\"rows\":100,\"bytes\":0,\"avoided\":{\"live_questions\":0,\"digests\":0,"
            "\"months\":0}}],\"totals\":{\"statements\":9,\"execution_ms\":1500,\"rows\":120,"
            "\"bytes\":3000,\"avoided\":{\"live_questions\":7,\"digests\":1,\"months\":23}}}}");
  EXPECT_EQ(test.Get("/api/receipt", {{"If-None-Match", seen.header("ETag")}}).status, 304);
  EXPECT_EQ(test.Get("/api/receipt?day=2026-11-22").status, 400);
}

TEST(About, HasNoReceiptWhereNobodyCounts) {
  TestService test;
  EXPECT_EQ(test.Get("/api/receipt").body, "{\"data\":null}");
  test.status.days.emplace();
  EXPECT_THAT(test.Get("/api/receipt").body, HasSubstr("\"days\":[],\"totals\":{\"statements\":0"));
}

TEST(About, ServesItsContract) {
  TestService test;
  const Seen seen = test.Get("/api/openapi.json");
  EXPECT_TRUE(seen.prepared);
  EXPECT_EQ(seen.body, OpenApiDocument());
  EXPECT_THAT(seen.body, HasSubstr("\"openapi\": \"3.1.0\""));
  const Seen brotli = test.Get("/api/openapi.json", {{"Accept-Encoding", "br"}});
  EXPECT_EQ(Decode(Coding::kBrotli, brotli.body), seen.body);
  const Seen listed = test.Get("/api/openapi.json", {{"Origin", "http://localhost:5173"}});
  EXPECT_EQ(listed.body, seen.body);
  EXPECT_EQ(listed.header("ETag"), seen.header("ETag"));
}

TEST(About, IsHealthyWhateverElseIsWrong) {
  TestService test;
  test.status.reasons = {"warehouse_unavailable"};
  EXPECT_EQ(test.Get("/healthz").status, 200);
  EXPECT_EQ(test.Get("/healthz").body, "{\"status\":\"ok\"}");
}

TEST(About, IsReadyOnceThereIsASnapshotAndNothingIsAmiss) {
  TestService test;
  const Seen empty = test.Get("/readyz");
  EXPECT_EQ(empty.status, 503);
  EXPECT_EQ(empty.body, "{\"status\":\"not_ready\",\"reasons\":[\"no_snapshot\"]}");
  test.PublishSampleRows();
  EXPECT_EQ(test.Get("/readyz").body, "{\"status\":\"ready\"}");
  test.status.reasons = {"refresh_given_up", "warehouse_unavailable"};
  const Seen amiss = test.Get("/readyz");
  EXPECT_EQ(amiss.status, 503);
  EXPECT_EQ(amiss.body,
            "{\"status\":\"not_ready\",\"reasons\":[\"refresh_given_up\","
            "\"warehouse_unavailable\"]}");
}

}  // namespace
}  // namespace revops::api
