#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;

const TestService::Fields kJsonFields = {{"Content-Type", "application/json"}};
const TestService::Fields kFileFields = {{"Content-Type", "application/octet-stream"}};
const std::string kPath = "/api/imports/0123456789abcdef0123456789abcdef";

Seen Upload(TestService& test) {
  return test.Ask("POST", "/api/imports?name=deals%20of%20may.csv", kFileFields, "a,b\n1,2\n");
}

TEST(Imports, TakeAFileAndSayWhereToFollowIt) {
  TestService test;
  EXPECT_EQ(test.Get("/api/imports").body, "{\"data\":[]}");
  const Seen uploaded = Upload(test);
  EXPECT_EQ(uploaded.status, 201);
  EXPECT_EQ(uploaded.header("Location"), kPath);
  EXPECT_EQ(test.imports.bytes, "a,b\n1,2\n");
  EXPECT_EQ(uploaded.body,
            "{\"data\":{\"id\":\"0123456789abcdef0123456789abcdef\",\"file\":{\"name\":\"deals of "
            "may.csv\",\"size_bytes\":8},\"requested_by\":\"person\",\"state\":\"inspecting\","
            "\"created_at\":\"2026-11-22T10:00:00.000Z\",\"ended_at\":null,\"progress\":null,"
            "\"mapping\":null,\"mode\":null,\"as_of\":null,\"date_in_name\":null,\"rows\":null,"
            "\"snapshot_id\":null,"
            "\"undo\":{\"possible\":false,\"reason\":null},\"error\":null}}");
  EXPECT_EQ(test.Get(kPath).body, uploaded.body);
  EXPECT_THAT(test.Get("/api/imports").body, HasSubstr("\"state\":\"inspecting\""));
}

TEST(Imports, RefuseFilesWithoutAProperName) {
  TestService test;
  for (const std::string query :
       {"", "?name=", "?name=a%2Fb.csv", "?name=a%0Ab", "?name=a&b=c", "?name=a&name=b"}) {
    const Seen refused = test.Ask("POST", "/api/imports" + query, kFileFields, "x");
    EXPECT_EQ(refused.status, 400) << query;
  }
  EXPECT_EQ(test.Ask("POST", "/api/imports?name=" + std::string(256, 'a'), kFileFields, "x").status,
            400);
  EXPECT_EQ(test.Ask("POST", "/api/imports?name=empty.csv", kFileFields).status, 400);
}

TEST(Imports, KeepNothingOfWhatOtherPagesSend) {
  TestService test;
  for (const TestService::Fields& fields : std::vector<TestService::Fields>{
           {{"Content-Type", "application/octet-stream"}, {"Origin", "http://x.example"}},
           {{"Content-Type", "text/plain"}},
           {}}) {
    std::vector<HttpField> views = {{"Host", "127.0.0.1:8080"}};
    for (const auto& [name, value] : fields) views.push_back({name, value});
    const HttpRequest head{"POST", "/api/imports", "name=a.csv", views, "", "1"};
    EXPECT_EQ(test.service.BeginUpload(head), nullptr);
    EXPECT_GE(test.Ask("POST", "/api/imports?name=a.csv", fields, "x").status, 403);
  }
  EXPECT_TRUE(test.imports.jobs.empty());
}

TEST(Imports, AreTakenUndoneAndDiscarded) {
  TestService test;
  Upload(test);
  const Seen taken =
      test.Ask("POST", kPath + "/take", kJsonFields, "{\"mode\":\"upsert\",\"skip_refused\":true}");
  EXPECT_EQ(taken.status, 202);
  EXPECT_THAT(taken.body, HasSubstr("\"state\":\"importing\""));
  EXPECT_EQ(test.imports.taken->mode, "upsert");
  EXPECT_TRUE(test.imports.taken->skip_refused);
  EXPECT_EQ(test.imports.taken->as_of, std::nullopt);
  EXPECT_THAT(test.Ask("POST", kPath + "/undo", kJsonFields, "{}").body,
              HasSubstr("\"state\":\"undoing\""));
  const Seen discarded = test.Ask("DELETE", kPath, kJsonFields);
  EXPECT_EQ(discarded.status, 200);
  EXPECT_THAT(discarded.body, HasSubstr("\"state\":\"discarded\""));
}

TEST(Imports, AreTakenAsAnEarlierDay) {
  TestService test;
  Upload(test);
  const Seen taken =
      test.Ask("POST", kPath + "/take", kJsonFields,
               "{\"mode\":\"replace\",\"skip_refused\":false,\"as_of\":\"2026-09-01\"}");
  EXPECT_EQ(taken.status, 202) << taken.body;
  EXPECT_EQ(test.imports.taken->as_of, Date::Parse("2026-09-01"));
}

TEST(Imports, SayWhatIsWrongWithTheBody) {
  TestService test;
  Upload(test);
  for (const std::string body :
       {"", "{}", "[]", "{\"mode\":\"merge\",\"skip_refused\":true}", "{\"mode\":\"append\"}",
        "{\"mode\":\"append\",\"skip_refused\":1}",
        "{\"mode\":\"replace\",\"skip_refused\":true,\"as_of\":\"2026-02-30\"}",
        "{\"mode\":\"append\",\"skip_refused\":true,\"as_of\":\"2026-09-01\"}"}) {
    EXPECT_EQ(test.Ask("POST", kPath + "/take", kJsonFields, body).status, 400) << body;
  }
  EXPECT_EQ(test.Ask("POST", kPath + "/undo", kJsonFields, "{\"a\":1}").status, 400);
  EXPECT_EQ(test.Ask("PUT", kPath + "/mapping", kJsonFields, "{\"name\":1}").status, 400);
  EXPECT_FALSE(test.imports.taken.has_value());
}

TEST(Imports, AreInspectedAgainUnderAnotherMapping) {
  TestService test;
  Upload(test);
  mapping::Mapping mapping;
  mapping.name = "deals";
  mapping.shape = "0123456789abcdef";
  mapping.columns[3] = "Amount";
  test.imports.inspection.format = "csv";
  test.imports.inspection.mapping = mapping;
  const Seen first = test.Get(kPath + "/inspection");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "{\"data\":" + ToJson(test.imports.inspection) + "}");
  mapping.decimal_mark = mapping::DecimalMark::kComma;
  const Seen second = test.Ask("PUT", kPath + "/mapping", kJsonFields, ToJson(mapping));
  EXPECT_EQ(second.status, 200);
  EXPECT_THAT(second.body, HasSubstr("\"decimal_mark\":\"comma\""));
  EXPECT_EQ(test.Get(kPath + "/mapping").status, 405);
  EXPECT_EQ(test.Get(kPath + "/mapping").header("Allow"), "PUT, OPTIONS");
}

TEST(Imports, GiveRefusedRowsAsADownload) {
  TestService test;
  Upload(test);
  const Seen refused = test.Get(kPath + "/refused");
  EXPECT_EQ(refused.status, 200);
  EXPECT_EQ(refused.header("Content-Disposition"), "attachment; filename=\"refused-01234567.csv\"");
}

TEST(Imports, TellWhatIsNotThereAndWhatIsNotInTheStateForIt) {
  TestService test;
  for (const std::string& path : {kPath, kPath + "/inspection", kPath + "/refused",
                                  std::string("/api/imports/x"), kPath + "/nothing"}) {
    EXPECT_EQ(test.Get(path).status, 404) << path;
  }
  Upload(test);
  test.imports.error = Error{ErrorCode::kAlreadyExists, "Another import runs.", {}, {}};
  EXPECT_EQ(test.Ask("POST", kPath + "/undo", kJsonFields).status, 409);
  EXPECT_EQ(test.Get(kPath + "/inspection").status, 409);
}

TEST(Imports, LetPeopleSayWhatWordsMean) {
  TestService test;
  const std::string body =
      "{\"stages\":[\"New\",\"Won\"],\"statuses\":{\"in progress\":\"open\"},\"currency\":\"EUR\"}";
  const Seen saved = test.Ask("PUT", "/api/mappings/values", kJsonFields, body);
  EXPECT_EQ(saved.status, 202);
  EXPECT_THAT(saved.body, HasSubstr("\"state\":\"running\""));
  ASSERT_EQ(test.imports.mappings.size(), 1U);
  EXPECT_EQ(test.imports.mappings[0].name, "values");
  EXPECT_EQ(test.imports.mappings[0].statuses.at("in progress"), sales::Status::kOpen);
  EXPECT_THAT(test.Get("/api/mappings").body, HasSubstr("\"name\":\"values\""));
  EXPECT_EQ(test.Ask("PUT", "/api/mappings/a.b", kJsonFields, body).status, 404);
  for (const std::string wrong :
       {"{}", "{\"stages\":[],\"statuses\":{\"x\":\"maybe\"},\"currency\":null}",
        "{\"stages\":[],\"statuses\":{},\"currency\":\"euro\"}"}) {
    EXPECT_EQ(test.Ask("PUT", "/api/mappings/values", kJsonFields, wrong).status, 400) << wrong;
  }
}

TEST(Imports, GoOutAsEvents) {
  TestService test;
  Upload(test);
  std::string heard;
  const auto token = test.events.Subscribe("", [&heard](const std::string& chunk) {
    heard += chunk;
    return true;
  });
  test.events.PublishImport(test.imports.jobs[0]);
  EXPECT_THAT(heard, HasSubstr("event: import\ndata: {\"id\":\"0123456789abcdef"));
}

TEST(Imports, AreRefusedWhereThereIsNoDesk) {
  TestService test;
  Service service({.snapshots = test.snapshots,
                   .live = test.live,
                   .refresh = test.refresh,
                   .events = test.events,
                   .status = test.status,
                   .clock = test.clock,
                   .deployment = {},
                   .definitions = {}});
  for (const std::string& path :
       {std::string("/api/imports"), kPath, std::string("/api/mappings")}) {
    const HttpRequest request{"GET", path, "", {}, "", "1"};
    const Seen seen = ToSeen(service.Answer(request));
    EXPECT_EQ(seen.status, 501) << path;
    EXPECT_THAT(seen.body, HasSubstr("embedded warehouse"));
  }
}

}  // namespace
}  // namespace revops::api
