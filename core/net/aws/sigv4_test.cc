#include "core/net/aws/sigv4.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "core/net/aws/canonical_request.h"

namespace revops::net {
namespace {

using testing::HasSubstr;
using testing::Not;

const Instant kNow = *ParseInstant("2026-11-22T02:00:00Z");
const AwsCredentials kKeys = {
    "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}, {}};

/// One request of contracts/goldens/aws/sigv4.json and what it must be signed with.
struct Case {
  std::string name;
  std::string source;
  ClientRequest request;
  AwsCredentials keys;
  SigningScope scope;
  Instant at;
  std::string authorization;
};

std::string Text(const boost::json::value& value, std::string_view name) {
  const auto* text = value.as_object().if_contains(name);
  return text ? std::string(text->as_string()) : std::string();
}

Case ReadCase(const boost::json::value& value) {
  Case read;
  read.name = Text(value, "name");
  read.source = Text(value, "source");
  read.request.method = Text(value, "method");
  read.request.target = Text(value, "target");
  read.request.body = Text(value, "body");
  for (const auto& field : value.at("headers").as_array()) {
    read.request.headers.emplace_back(field.at(0).as_string(), field.at(1).as_string());
  }
  const auto& origin = value.at("origin").as_array();
  read.request.origin = {origin[0].as_string() == "https", std::string(origin[1].as_string()),
                         static_cast<std::uint16_t>(origin[2].as_int64())};
  read.keys = {Text(value.at("keys"), "id"),
               Text(value.at("keys"), "secret"),
               Text(value.at("keys"), "token"),
               {}};
  read.scope = {Text(value, "region"), Text(value, "service")};
  read.at = *ParseInstant(Text(value, "at"));
  read.authorization = Text(value, "authorization");
  return read;
}

std::vector<Case> Cases() {
  std::ifstream file("contracts/goldens/aws/sigv4.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto golden = boost::json::parse(text);
  std::vector<Case> cases;
  for (const auto& value : golden.at("cases").as_array()) cases.push_back(ReadCase(value));
  return cases;
}

std::string Field(const ClientRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (field == name) return value;
  }
  return {};
}

/// "host;x-amz-date" out of an Authorization field.
std::string SignedFields(const std::string& authorization) {
  constexpr std::string_view kMark = "SignedHeaders=";
  const std::size_t begin = authorization.find(kMark) + kMark.size();
  return authorization.substr(begin, authorization.find(',', begin) - begin);
}

/// As SignRequest does, with the fields that somebody else chose to sign.
std::string SignedAs(const ClientRequest& signed_request, const Case& test) {
  const std::string names = ";" + SignedFields(test.authorization) + ";";
  const CanonicalForm form = {
      test.scope.service == "s3", Sha256::Hex(test.request.body), [names](std::string_view name) {
        return names.find(";" + std::string(name) + ";") != std::string::npos;
      }};
  return AuthorizationValue(ToCanonical(signed_request, form), test.keys, test.scope, test.at);
}

TEST(SigV4, AgreesWithDocumentationTestSuiteAndBotocore) {
  std::map<std::string, int> seen;
  int signed_by_rule = 0;
  for (const Case& test : Cases()) {
    SCOPED_TRACE(test.source + ": " + test.name);
    ClientRequest request = test.request;
    SignRequest(request, test.keys, test.scope, test.at);
    const std::string authorization = Field(request, "Authorization");
    EXPECT_EQ(SignedAs(request, test), test.authorization);
    if (SignedFields(authorization) == SignedFields(test.authorization)) {
      EXPECT_EQ(authorization, test.authorization);
      ++signed_by_rule;
    }
    ++seen[test.source];
  }
  EXPECT_EQ(seen["s3-page"], 4);
  EXPECT_EQ(seen["suite"], 28);
  EXPECT_EQ(seen["botocore"], 120);
  EXPECT_GT(signed_by_rule, 140);
}

ClientRequest Get(std::string target) {
  ClientRequest request;
  request.method = "GET";
  request.origin = {true, "examplebucket.s3.amazonaws.com", 443};
  request.target = std::move(target);
  return request;
}

std::string Canonical(const ClientRequest& request, bool keeps_path) {
  return ToCanonical(request, {keeps_path, "hash", [](std::string_view) { return true; }}).text;
}

std::string Line(const std::string& text, int number) {
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i) begin = text.find('\n', begin) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(SigV4, KeepsThePathOfS3AndNormalisesAndEncodesThatOfOthers) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"/", "/", "/"},
      {"/a//b/../c", "/a//b/../c", "/a/c"},
      {"/a/./", "/a/./", "/a/"},
      {"/..", "/..", "/"},
      {"/a%20b", "/a%20b", "/a%2520b"},
      {"/model/x%3A0/converse", "/model/x%3A0/converse", "/model/x%253A0/converse"},
      {"/a:b~c", "/a:b~c", "/a%3Ab~c"},
  };
  for (const auto& [target, s3, other] : cases) {
    EXPECT_EQ(Line(Canonical(Get(target), true), 1), s3);
    EXPECT_EQ(Line(Canonical(Get(target), false), 1), other) << target;
  }
}

TEST(SigV4, SortsTheQueryByEncodedNameThenValue) {
  const std::vector<std::array<std::string, 2>> cases = {
      {"", ""},
      {"?", ""},
      {"?lifecycle", "lifecycle="},
      {"?b=2&a=2&a=1&A=0", "A=0&a=1&a=2&b=2"},
      {"?a=&a", "a=&a="},
      {"?a-b=1&a=2", "a=2&a-b=1"},
      {"?prefix=x/y%2fz", "prefix=x%2Fy%2Fz"},
      {"?t=a=b", "t=a%3Db"},
      {"?p=%zz%4", "p=%25zz%254"},
      {"?q=a?b", "q=a%3Fb"},
  };
  for (const auto& [query, canonical] : cases) {
    EXPECT_EQ(Line(Canonical(Get("/" + query), true), 2), canonical) << query;
  }
}

TEST(SigV4, TrimsValuesAndJoinsRepeatedFields) {
  ClientRequest request = Get("/");
  request.headers = {
      {"X-Amz-B", "  a \t  b  "}, {"X-AMZ-A", "2"}, {"x-amz-a", " 1"}, {"X-Amz-C", ""}};
  EXPECT_THAT(Canonical(request, true),
              HasSubstr("\nx-amz-a:2,1\nx-amz-b:a b\nx-amz-c:\n\nhost;x-amz-a;x-amz-b;x-amz-c\n"));
}

TEST(SigV4, SignsAPortThatIsNotTheSchemesOwn) {
  ClientRequest request = Get("/");
  EXPECT_THAT(Canonical(request, true), HasSubstr("\nhost:examplebucket.s3.amazonaws.com\n"));
  request.origin = {false, "127.0.0.1", 4566};
  EXPECT_THAT(Canonical(request, true), HasSubstr("\nhost:127.0.0.1:4566\n"));
}

TEST(SigV4, SignsHostContentTypeAndAmazonsFieldsAlone) {
  ClientRequest request = Get("/");
  request.headers = {
      {"If-None-Match", "\"e\""}, {"Content-Type", "text/plain"}, {"x-amz-meta-a", "1"}};
  SignRequest(request, kKeys, {"us-east-1", "s3"}, kNow);
  EXPECT_EQ(SignedFields(Field(request, "Authorization")),
            "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-a");
  EXPECT_EQ(Field(request, "If-None-Match"), "\"e\"");
}

TEST(SigV4, SendsTheHashOfTheBodyToS3Alone) {
  ClientRequest request = Get("/");
  request.body = "Welcome to Amazon S3.";
  SignRequest(request, kKeys, {"us-east-1", "s3"}, kNow);
  EXPECT_EQ(Field(request, "X-Amz-Content-Sha256"), Sha256::Hex(request.body));
  SignRequest(request, kKeys, {"us-east-1", "sts"}, kNow);
  EXPECT_EQ(Field(request, "X-Amz-Content-Sha256"), "");
}

TEST(SigV4, ReplacesAnEarlierSignature) {
  const SigningScope scope = {"eu-central-1", "s3"};
  ClientRequest again = Get("/a");
  again.headers = {{"Content-Type", "text/plain"}};
  ClientRequest once = again;
  AwsCredentials first = kKeys;
  first.session_token = "an old token";
  SignRequest(again, first, scope, kNow);
  EXPECT_EQ(Field(again, "X-Amz-Security-Token"), "an old token");
  SignRequest(again, kKeys, scope, kNow + std::chrono::minutes(5));
  SignRequest(once, kKeys, scope, kNow + std::chrono::minutes(5));
  EXPECT_EQ(again.headers, once.headers);
  EXPECT_EQ(Field(again, "X-Amz-Date"), "20261122T020500Z");
}

TEST(SigV4, NeverSendsTheSecretKey) {
  ClientRequest request = Get("/a");
  SignRequest(request, kKeys, {"eu-central-1", "s3"}, kNow);
  for (const auto& [name, value] : request.headers) {
    EXPECT_THAT(value, Not(HasSubstr(kKeys.secret_access_key))) << name;
  }
}

}  // namespace
}  // namespace revops::net
