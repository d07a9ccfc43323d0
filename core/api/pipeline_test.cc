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

const std::vector<std::string>& PreparedPaths() {
  static const std::vector<std::string> paths = {
      "/api/pipeline/by-region", "/api/pipeline/by-product", "/api/pipeline/by-stage",
      "/api/pipeline/by-status", "/api/pipeline/by-month",   "/api/summary"};
  return paths;
}

TEST(Pipeline, SaysSoWhileNothingIsPublished) {
  TestService test;
  for (const std::string& path : PreparedPaths()) {
    const Seen seen = test.Get(path);
    EXPECT_EQ(seen.status, 503) << path;
    EXPECT_TRUE(seen.at_once);
    EXPECT_EQ(seen.header("Retry-After"), "2");
    EXPECT_THAT(seen.body, HasSubstr("\"code\":\"no_snapshot\""));
    EXPECT_THAT(seen.body, HasSubstr("\"retryable\":true"));
    EXPECT_THAT(seen.body, HasSubstr("\"request_id\":\"00000000000000000000000000000001\""));
  }
  EXPECT_EQ(test.Get("/api/summary?as_of=2026-11-22").status, 503);
}

TEST(Pipeline, AnswersUnfilteredQuestionsFromPreparedBytes) {
  TestService test;
  const std::string id = test.PublishSampleRows();
  for (const std::string& path : PreparedPaths()) {
    for (const std::string& target : {path, path + "?as_of=" + id}) {
      const Seen seen = test.Get(target);
      EXPECT_EQ(seen.status, 200) << target;
      EXPECT_TRUE(seen.prepared && seen.at_once) << target;
      EXPECT_EQ(seen.header("Content-Type"), "application/json");
      EXPECT_EQ(seen.header("Cache-Control"), "no-cache");
      EXPECT_EQ(seen.header("Vary"), "Accept, Accept-Encoding, Origin");
      EXPECT_EQ(seen.header("X-Content-Type-Options"), "nosniff");
      EXPECT_EQ(seen.header("Content-Security-Policy"), "default-src 'none'; sandbox");
      EXPECT_EQ(seen.header("Cross-Origin-Resource-Policy"), "same-origin");
      EXPECT_EQ(seen.header("Content-Length"), std::to_string(seen.body.size()));
      EXPECT_THAT(seen.body, HasSubstr("\"snapshot_id\":\"" + id + "\""));
    }
  }
}

TEST(Pipeline, SaysTheSameInEveryCodingAndBothWays) {
  TestService test;
  test.PublishSampleRows();
  for (const std::string& path : PreparedPaths()) {
    const Seen plain = test.Get(path);
    for (const Coding coding : {Coding::kBrotli, Coding::kGzip}) {
      const Seen seen = test.Get(path, {{"Accept-Encoding", std::string(ToString(coding))}});
      EXPECT_TRUE(seen.prepared);
      EXPECT_EQ(seen.header("Content-Encoding"), ToString(coding));
      EXPECT_NE(seen.header("ETag"), plain.header("ETag"));
      EXPECT_EQ(Decode(coding, seen.body), plain.body);
    }
    const Seen computed = test.Get(path, {{"Origin", "http://localhost:5173"}});
    EXPECT_FALSE(computed.prepared);
    EXPECT_EQ(computed.body, plain.body);
    EXPECT_EQ(computed.header("ETag"), plain.header("ETag"));
  }
}

TEST(Pipeline, AnswersNotModifiedForEveryCoding) {
  TestService test;
  test.PublishSampleRows();
  for (const std::string& path : PreparedPaths()) {
    for (const Coding coding : kCodings) {
      const std::string name(ToString(coding));
      const std::string etag = test.Get(path, {{"Accept-Encoding", name}}).header("ETag");
      const Seen again =
          test.Get(path, {{"Accept-Encoding", name}, {"If-None-Match", "\"x\", W/" + etag}});
      EXPECT_EQ(again.status, 304) << path << name;
      EXPECT_TRUE(again.prepared);
      EXPECT_TRUE(again.body.empty());
      EXPECT_EQ(again.header("ETag"), etag);
      EXPECT_EQ(test.Get(path, {{"Accept-Encoding", name}, {"If-None-Match", "\"x\""}}).status,
                200);
    }
    EXPECT_EQ(test.Get(path, {{"If-None-Match", "*"}}).status, 304);
  }
}

TEST(Pipeline, AnswersNotModifiedForFilteredQuestionsToo) {
  TestService test;
  test.PublishSampleRows();
  const std::string target = "/api/pipeline/by-region?product=Sage+HR";
  const Seen seen = test.Get(target);
  EXPECT_EQ(seen.status, 200);
  const Seen again = test.Get(target, {{"If-None-Match", seen.header("ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), seen.header("ETag"));
}

TEST(Pipeline, MovesTheClocksAndTheETagWhenTheContentIsConfirmed) {
  TestService test;
  const std::string id = test.PublishSampleRows();
  const Seen before = test.Get("/api/summary");
  EXPECT_EQ(test.snapshots.Reload().value_or(true), false);
  ConfirmSample(test.store, TestService::ToInstant("2026-11-22T09:00:00Z"),
                TestService::ToInstant("2026-11-22T09:00:01Z"));
  EXPECT_EQ(test.Get("/api/summary").header("ETag"), before.header("ETag"));
  EXPECT_EQ(test.snapshots.Reload().value_or(false), true);
  const Seen after = test.Get("/api/summary?as_of=" + id);
  EXPECT_TRUE(after.prepared);
  EXPECT_NE(after.header("ETag"), before.header("ETag"));
  EXPECT_THAT(after.body, HasSubstr("\"data_as_of\":\"2026-11-22T09:00:00.000Z\""));
  EXPECT_THAT(after.body, HasSubstr("\"computed_at\":\"2026-11-22T09:00:01.000Z\""));
  EXPECT_EQ(test.snapshots.current()->snapshot->id(), id);
}

TEST(Pipeline, MatchesValuesTrimmedAndStatusAndStageFolded) {
  TestService test;
  test.PublishSampleRows();
  const auto rows = [&](const std::string& query) {
    const std::string body = test.Get("/api/summary?" + query).body;
    const auto at = body.rfind("\"rows\":");
    return std::stoi(body.substr(at + 7));
  };
  EXPECT_EQ(rows("region=+North%C2%A0"), 3);
  EXPECT_EQ(rows("region=north"), 0);
  EXPECT_EQ(rows("status=OPEN"), 3);
  EXPECT_EQ(rows("status=closed&status=open"), 8);
  EXPECT_EQ(rows("stage=negotiation"), 3);
  EXPECT_EQ(rows("not_stage=NEGOTIATION+"), 5);
  EXPECT_EQ(rows("region=North&product=Sage+HR"), 0);
  EXPECT_EQ(rows("region=North&region=East&product=Sage+HR"), 1);
  EXPECT_EQ(rows("region=North&not_status=open"), 2);
  EXPECT_EQ(rows("region=nowhere"), 0);
  EXPECT_EQ(rows("status=nonsense"), 0);
  EXPECT_EQ(rows("status="), 0);
  EXPECT_EQ(rows("not_region="), 8);
  EXPECT_EQ(rows("from=2026-11-20"), 1);
  EXPECT_EQ(rows("to=2026-11-02"), 0);
  EXPECT_EQ(rows("from=2026-11-02&to=2026-11-03"), 1);
  EXPECT_EQ(rows("from=2026-11-02&to=2026-11-02"), 0);
}

TEST(Pipeline, EchoesTheFilterAsItWasMatched) {
  TestService test;
  test.PublishSampleRows();
  const Seen seen = test.Get(
      "/api/pipeline/by-region?status=WON&region=+North&region=&region=North"
      "&not_stage=proposal&to=2026-12-01");
  EXPECT_THAT(seen.body, HasSubstr("\"filter\":{\"region\":[\"North\",null],"
                                   "\"not_stage\":[\"Proposal\"],\"status\":[\"won\"],"
                                   "\"to\":\"2026-12-01\"}"));
}

std::vector<SampleRow> OddRows() {
  std::vector<SampleRow> rows(5);
  rows[0].region = "(unknown)";
  rows[1].region = "  ";
  rows[2].amount = "5.00";
  rows[3].region = "North\"\n=1";
  rows[4].region = "=cmd()";
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = std::to_string(i);
  return rows;
}

TEST(Pipeline, KeepsTheUnknownGroupApartFromARegionOfThatName) {
  TestService test;
  test.Publish(SampleOf(OddRows(), TestService::Today()));
  EXPECT_THAT(test.Get("/api/pipeline/by-region?region=").body, HasSubstr("\"rows\":2"));
  EXPECT_THAT(test.Get("/api/pipeline/by-region?region=(unknown)").body, HasSubstr("\"rows\":1"));
  EXPECT_THAT(test.Get("/api/pipeline/by-status?status=unknown").body, HasSubstr("\"rows\":5"));
  EXPECT_THAT(test.Get("/api/summary").body,
              HasSubstr("\"open_average\":null,\"reasons\":{\"open_average\":\"no_priced_rows\"}"));
}

TEST(Pipeline, GivesCsvThatNoSpreadsheetExecutes) {
  TestService test;
  const std::string id = test.Publish(SampleOf(OddRows(), TestService::Today()));
  const Seen csv = test.Get("/api/pipeline/by-region?format=csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(csv.header("Content-Disposition"),
            "attachment; filename=\"pipeline-by-region-" + id + ".csv\"");
  EXPECT_TRUE(
      csv.body.starts_with("\"region\",\"deals\",\"priced\",\"amount\",\"average\","
                           "\"open_deals\",\"open_amount\","));
  EXPECT_THAT(csv.body, HasSubstr("\r\n\"'=cmd()\",1,0,,,"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n\"North\"\"\n=1\",1,0,,,"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n,2,1,5.00,5.00,"));
  const Seen accepted = test.Get("/api/pipeline/by-region", {{"Accept", "text/csv"}});
  EXPECT_EQ(accepted.body, csv.body);
  EXPECT_EQ(test.Get("/api/pipeline/by-region?format=json", {{"Accept", "text/csv"}})
                .header("Content-Type"),
            "application/json");
  const Seen raw = test.Get("/api/pipeline/by-region?format=csv", {{"X-Raw", "1"}});
  EXPECT_THAT(raw.body, HasSubstr("\r\n\"=cmd()\","));
}

TEST(Pipeline, GivesEveryGroupingAsCsv) {
  TestService test;
  test.PublishSampleRows();
  const auto lines = [&](const std::string& view) {
    const Seen seen = test.Get("/api/pipeline/" + view + "?format=csv");
    return std::count(seen.body.begin(), seen.body.end(), '\n');
  };
  EXPECT_EQ(lines("by-region"), 5);
  EXPECT_EQ(lines("by-product"), 5);
  EXPECT_EQ(lines("by-stage"), 5);
  EXPECT_EQ(lines("by-status"), 6);
  EXPECT_EQ(lines("by-month"), 2);
}

TEST(Pipeline, CompressesLargeComputedAnswers) {
  TestService test;
  test.PublishSampleRows();
  const std::string target = "/api/pipeline/by-region?not_product=x";
  const Seen plain = test.Get(target);
  const Seen seen = test.Get(target, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(seen.header("Content-Encoding"), "gzip");
  EXPECT_EQ(Decode(Coding::kGzip, seen.body), plain.body);
  EXPECT_NE(seen.header("ETag"), plain.header("ETag"));
}

struct AsOf : ::testing::Test {
  AsOf() {
    const Date today = TestService::Today();
    for (const int ago : {5, 2}) {
      ids.push_back(test.Publish(SampleOf(SampleRows(today - ago), today - ago)));
    }
    SampleSnapshot later = SampleOf(SampleRows(today), today - 2);
    later.computed_at += std::chrono::hours(3);
    ids.push_back(test.Publish(later));
    ids.push_back(test.PublishSampleRows());
  }
  std::string IdAsOf(const std::string& as_of) {
    const Seen seen = test.Get("/api/summary?as_of=" + as_of);
    const auto at = seen.body.find("\"snapshot_id\":\"");
    return at == std::string::npos ? std::to_string(seen.status) : seen.body.substr(at + 15, 25);
  }

  TestService test;
  std::vector<std::string> ids;
};

TEST_F(AsOf, TakesTheNewestSnapshotThatIsNotLater) {
  EXPECT_EQ(IdAsOf("2026-11-16"), "404");
  EXPECT_EQ(IdAsOf("2026-11-17"), ids[0]);
  EXPECT_EQ(IdAsOf("2026-11-19"), ids[0]);
  EXPECT_EQ(IdAsOf("2026-11-20"), ids[2]);
  EXPECT_EQ(IdAsOf("2026-11-21"), ids[2]);
  EXPECT_EQ(IdAsOf("2026-11-22"), ids[3]);
  EXPECT_EQ(IdAsOf("2030-01-01"), ids[3]);
}

TEST_F(AsOf, OpensEverySnapshotByItsId) {
  for (int round = 0; round < 2; ++round) {
    for (const std::string& id : ids) EXPECT_EQ(IdAsOf(id), id);
  }
  const Seen earlier = test.Get("/api/summary?as_of=" + ids[0]);
  EXPECT_FALSE(earlier.at_once);
  EXPECT_THAT(earlier.body, HasSubstr("\"data_as_of\":\"2026-11-17T02:00:00.000Z\""));
  EXPECT_THAT(earlier.body, HasSubstr("\"business_date\":\"2026-11-17\""));
}

TEST_F(AsOf, RefusesWhatIsNeitherIdNorDate) {
  for (const std::string as_of :
       {"", "yesterday", "2026-02-30", "20261122T020000Z-1A2B3C4D", "*"}) {
    const Seen seen = test.Get("/api/summary?as_of=" + as_of);
    EXPECT_EQ(seen.status, 400) << as_of;
    EXPECT_THAT(seen.body, HasSubstr("'as_of'"));
  }
  EXPECT_EQ(IdAsOf("20261122T020000Z-00000000"), "404");
  EXPECT_EQ(test.Get("/api/summary?as_of=2026-11-22&as_of=2026-11-21").status, 400);
}

TEST_F(AsOf, SaysWhenASnapshotIsDamagedAndServesTheOthers) {
  const std::string damaged = "20261118T020000Z-00000000";
  const auto object = test.store.Get("revops/snapshots/" + ids[0] + ".json");
  ASSERT_TRUE(object.has_value());
  ASSERT_TRUE(
      test.store
          .Put("revops/snapshots/" + damaged + ".json", object->bytes, store::PutCondition::None())
          .has_value());
  const Seen seen = test.Get("/api/summary?as_of=" + damaged);
  EXPECT_EQ(seen.status, 500);
  EXPECT_THAT(seen.body, HasSubstr("\"code\":\"corrupt\""));
  EXPECT_EQ(IdAsOf("2026-11-18"), ids[0]);
  EXPECT_EQ(IdAsOf(ids[1]), ids[1]);
}

TEST_F(AsOf, ListsTheHistoryNewestFirst) {
  const Seen seen = test.Get("/api/snapshots");
  EXPECT_EQ(seen.status, 200);
  EXPECT_FALSE(seen.at_once);
  std::size_t at = 0;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const auto found = seen.body.find("{\"id\":\"" + *id +
                                      "\",\"current\":" + (*id == ids.back() ? "true" : "false"));
    ASSERT_NE(found, std::string::npos) << *id;
    EXPECT_GE(found, at);
    at = found;
  }
  EXPECT_THAT(seen.body, HasSubstr("\"meta\":{\"count\":4}"));
  const Seen limited = test.Get("/api/snapshots?limit=1");
  EXPECT_THAT(limited.body, HasSubstr(ids.back()));
  EXPECT_THAT(limited.body, Not(HasSubstr(ids.front())));
  EXPECT_THAT(limited.body, HasSubstr("\"meta\":{\"count\":4}"));
  EXPECT_EQ(test.Get("/api/snapshots", {{"If-None-Match", seen.header("ETag")}}).status, 304);
}

TEST_F(AsOf, ServesTheOneBeforeWhenTheNewestIsDamagedAndSaysSo) {
  ASSERT_TRUE(test.store.Delete("revops/snapshots/" + ids.back() + ".json").has_value());
  SnapshotCatalog restarted(test.store);
  ASSERT_TRUE(restarted.Reload().has_value());
  ASSERT_NE(restarted.current(), nullptr);
  EXPECT_EQ(restarted.current()->snapshot->id(), ids[2]);
  EXPECT_THAT(std::string(restarted.current()->FindPage("/api/summary")->body()),
              HasSubstr("\"degraded\":\"manifest_damaged\""));
}

}  // namespace
}  // namespace revops::api
