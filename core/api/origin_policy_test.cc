#include "core/api/origin_policy.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::api {
namespace {

const OriginPolicy& Policy() {
  static const OriginPolicy policy({"http://localhost:5173"});
  return policy;
}

HttpRequest Post(const std::vector<HttpField>& fields) {
  return {"POST", "/api/refresh", "", fields, "", "id"};
}

int RefusalOf(std::vector<HttpField> fields) {
  fields.push_back({"Host", "127.0.0.1:8080"});
  const auto problem = Policy().RefuseWrite(Post(fields));
  return problem ? problem->status : 0;
}

constexpr HttpField kJsonField = {"Content-Type", "application/json"};

TEST(OriginPolicy, LetsOurOwnPagesAndProgramsWrite) {
  EXPECT_EQ(RefusalOf({kJsonField}), 0);
  EXPECT_EQ(RefusalOf({{"Content-Type", "Application/JSON ; charset=utf-8"}}), 0);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "http://127.0.0.1:8080"}}), 0);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "https://127.0.0.1:8080"}}), 0);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "http://localhost:5173"}}), 0);
  EXPECT_EQ(RefusalOf({kJsonField, {"Sec-Fetch-Site", "same-origin"}}), 0);
  EXPECT_EQ(RefusalOf({kJsonField, {"Sec-Fetch-Site", "none"}}), 0);
}

TEST(OriginPolicy, KeepsEverybodyElseFromWriting) {
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "null"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "http://127.0.0.1:80801"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "http://localhost:5173.evil.example"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Origin", "ftp://127.0.0.1:8080"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(RefusalOf({kJsonField, {"Sec-Fetch-Site", "same-site"}}), 403);
}

TEST(OriginPolicy, WantsJson) {
  EXPECT_EQ(RefusalOf({}), 415);
  EXPECT_EQ(RefusalOf({{"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(RefusalOf({{"Content-Type", "application/jsonp"}}), 415);
  EXPECT_EQ(RefusalOf({{"Content-Type", "application/x-www-form-urlencoded"}}), 415);
}

TEST(OriginPolicy, NamesOnlyListedOriginsInAnswers) {
  Headers headers;
  const std::vector<HttpField> other = {{"Origin", "http://evil.example"}};
  const std::vector<HttpField> listed = {{"Origin", "http://localhost:5173"}};
  Policy().AddHeaders(Post(other), headers);
  EXPECT_TRUE(headers.empty());
  Policy().AddHeaders(Post(listed), headers);
  ASSERT_FALSE(headers.empty());
  EXPECT_EQ(headers[0].first, "Access-Control-Allow-Origin");
  EXPECT_EQ(headers[0].second, "http://localhost:5173");
}

TEST(OriginPolicy, AnswersPreflightsOfListedOriginsAlone) {
  const std::vector<HttpField> none;
  const HttpField asked{"Access-Control-Request-Method", "POST"};
  constexpr std::string_view kAllow = "GET, HEAD, POST, OPTIONS";
  const std::vector<HttpField> listed = {asked, {"Origin", "http://localhost:5173"}};
  const std::vector<HttpField> other = {asked, {"Origin", "http://evil.example"}};
  const Reply allowed = Policy().AnswerOptions(Post(listed), kAllow);
  EXPECT_EQ(allowed.status, 204);
  const Headers::value_type fields{"Access-Control-Allow-Headers",
                                   "Authorization, Content-Type, Last-Event-ID, X-Raw"};
  EXPECT_THAT(allowed.headers, testing::Contains(fields));
  EXPECT_EQ(Policy().AnswerOptions(Post(other), kAllow).status, 403);
  EXPECT_EQ(Policy().AnswerOptions(Post(none), kAllow).status, 204);
}

}  // namespace
}  // namespace revops::api
