#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;

const TestService::Fields kJsonFields = {{"Content-Type", "application/json"}};
const std::string kJobPath = "/api/refresh/0123456789abcdef0123456789abcdef";

TEST(Refresh, StartsAJobAndSaysWhereToFollowIt) {
  TestService test;
  EXPECT_EQ(test.Get("/api/refresh").body, "{\"data\":null}");
  const Seen started = test.Ask("POST", "/api/refresh", kJsonFields);
  EXPECT_EQ(started.status, 202);
  EXPECT_EQ(started.header("Location"), kJobPath);
  EXPECT_EQ(started.header("Cache-Control"), "no-store");
  EXPECT_THAT(started.body, HasSubstr("\"joined\":false"));
  const Seen joined = test.Ask("POST", "/api/refresh", kJsonFields, " { } ");
  EXPECT_EQ(joined.status, 202);
  EXPECT_THAT(joined.body, HasSubstr("\"joined\":true"));
  EXPECT_THAT(test.Get(kJobPath).body, HasSubstr("\"state\":\"running\""));
  EXPECT_EQ(test.Get(kJobPath).body, test.Get("/api/refresh").body);
}

TEST(Refresh, CancelsAJobThatRuns) {
  TestService test;
  EXPECT_EQ(test.Ask("DELETE", kJobPath, kJsonFields).status, 404);
  ASSERT_EQ(test.Ask("POST", "/api/refresh", kJsonFields).status, 202);
  EXPECT_EQ(test.Ask("DELETE", kJobPath, kJsonFields).status, 202);
  test.refresh.job->state = snapshot::JobState::kCancelled;
  const Seen late = test.Ask("DELETE", kJobPath, kJsonFields);
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("\"code\":\"already_exists\""));
}

TEST(Refresh, TakesOnlyAnEmptyBody) {
  TestService test;
  for (const std::string body : {"", "{}", "\n{\r\n}\t"}) {
    EXPECT_EQ(test.Ask("POST", "/api/refresh", kJsonFields, body).status, 202) << body;
  }
  for (const std::string body : {"[]", "{\"force\":true}", "x", "{}{}", "null", "{"}) {
    EXPECT_EQ(test.Ask("POST", "/api/refresh", kJsonFields, body).status, 400) << body;
    EXPECT_EQ(test.Ask("DELETE", kJobPath, kJsonFields, body).status, 400) << body;
  }
}

TEST(Refresh, IsStartedAndCancelledByOurOwnPagesAlone) {
  TestService test;
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/api/refresh"}, {"DELETE", kJobPath}}) {
    const Seen foreign = test.Ask(
        method, path, {{"Content-Type", "application/json"}, {"Origin", "http://x.example"}});
    EXPECT_EQ(foreign.status, 403);
    EXPECT_THAT(foreign.body, HasSubstr("\"code\":\"permission_denied\""));
    const Seen form = test.Ask(method, path, {{"Content-Type", "text/plain"}});
    EXPECT_EQ(form.status, 415);
    EXPECT_THAT(form.body, HasSubstr("\"code\":\"unsupported_media_type\""));
    EXPECT_EQ(test.Ask(method, path).status, 415);
  }
  EXPECT_FALSE(test.refresh.job.has_value());
}

TEST(Refresh, TellsAMissingJobFromATroubledStore) {
  TestService test;
  const Seen missing = test.Get(kJobPath);
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("There is no such refresh."));
  EXPECT_EQ(test.Get("/api/refresh/0123456789ABCDEF0123456789abcdef").status, 404);
  const std::vector<std::pair<ErrorCode, int>> cases = {{ErrorCode::kUnavailable, 503},
                                                        {ErrorCode::kTimeout, 504},
                                                        {ErrorCode::kPermissionDenied, 502},
                                                        {ErrorCode::kCorrupt, 502}};
  for (const auto& [code, status] : cases) {
    test.refresh.error = Error{code, "trouble", "s3:code", {}};
    EXPECT_EQ(test.Get(kJobPath).status, status) << ToString(code);
    EXPECT_EQ(test.Ask("POST", "/api/refresh", kJsonFields).status, status);
    EXPECT_EQ(test.Ask("DELETE", kJobPath, kJsonFields).status, status);
  }
  test.refresh.error = Error{ErrorCode::kInternal, "trouble", {}, {}};
  EXPECT_EQ(test.Get(kJobPath).status, 500);
}

TEST(Events, StreamWhatIsPublished) {
  TestService test;
  const std::string id = test.PublishSampleRows();
  test.events.PublishDataVersion(test.snapshots.current()->version());
  const Seen seen = test.Get("/api/events");
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(seen.header("Cache-Control"), "no-store");
  ASSERT_NE(seen.stream, nullptr);
  std::string heard;
  const auto token = seen.stream([&heard](const std::string& chunk) {
    heard += chunk;
    return true;
  });
  EXPECT_TRUE(heard.starts_with("retry: 2000\n\n"));
  EXPECT_THAT(heard, HasSubstr("event: data-version\ndata: {\"snapshot_id\":\"" + id + "\""));
  heard.clear();
  bool joined = false;
  const auto job = test.refresh.StartOrJoin(joined);
  ASSERT_TRUE(job.has_value());
  test.events.PublishRefresh(*job);
  EXPECT_THAT(heard, HasSubstr("event: refresh\ndata: {\"id\":\"" + job->id + "\""));
}

TEST(Events, ResumeFromTheLastEventId) {
  TestService test;
  const auto start = static_cast<std::uint64_t>(test.clock.Now().time_since_epoch().count());
  bool joined = false;
  auto job = test.refresh.StartOrJoin(joined);
  ASSERT_TRUE(job.has_value());
  for (std::uint64_t rows = 1; rows <= 3; ++rows) {
    job->rows = rows;
    test.events.PublishRefresh(*job);
  }
  const Seen seen = test.Get("/api/events", {{"Last-Event-ID", std::to_string(start + 2)}});
  std::string heard;
  const auto token = seen.stream([&heard](const std::string& chunk) {
    heard += chunk;
    return true;
  });
  EXPECT_EQ(heard.find("\"rows\":2"), std::string::npos);
  EXPECT_THAT(heard, HasSubstr("\"rows\":3"));
}

}  // namespace
}  // namespace revops::api
