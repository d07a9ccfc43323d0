#include "core/net/aws/endpoint.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/aws/settings_testing.h"

namespace revops::net {
namespace {

using testing::HasSubstr;

TEST(AwsUrls, AreSplitIntoOriginAndTarget) {
  struct Case {
    std::string url;
    HttpOrigin origin;
    std::string target;
  };
  const std::vector<Case> cases = {
      {"https://a.example", {true, "a.example", 443}, "/"},
      {"https://a.example:8443/", {true, "a.example", 8443}, "/"},
      {"http://a.example/x?y=1", {false, "a.example", 80}, "/x?y=1"},
      {"http://a.example:443?y", {false, "a.example", 443}, "/?y"},
      {"http://127.0.0.1:9/x", {false, "127.0.0.1", 9}, "/x"},
      {"http://[fd00:ec2::23]/v1/credentials", {false, "fd00:ec2::23", 80}, "/v1/credentials"},
      {"http://[::1]:8080/x", {false, "::1", 8080}, "/x"},
  };
  for (const Case& test : cases) {
    const auto url = ParseAwsUrl(test.url);
    ASSERT_TRUE(url) << test.url;
    EXPECT_EQ(url->origin, test.origin) << test.url;
    EXPECT_EQ(url->target, test.target) << test.url;
  }
}

TEST(AwsUrls, AreRefusedWhenTheyAreNone) {
  for (const char* url :
       {"", "a.example", "ftp://a.example", "http://", "http:///x", "http://u:p@a.example/",
        "http://a.example:0/", "http://a.example/a b", "http://a.example/x#y",
        "http://a.example\\@b/", "http://[::1/x", "http://1.2.3/"}) {
    const auto parsed = ParseAwsUrl(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument) << url;
  }
}

TEST(AwsOrigins, FollowTheRegion) {
  EXPECT_EQ(AwsOrigin("sts", "eu-west-1"), (HttpOrigin{true, "sts.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(AwsOrigin("sts", "cn-north-1").host, "sts.cn-north-1.amazonaws.com.cn");
}

TEST(AwsOrigins, AreReplacedByAVariable) {
  const HttpOrigin usual = {true, "a.example", 443};
  EXPECT_EQ(*OriginOr(SettingsOf({}), "AWS_ENDPOINT_URL_STS", usual), usual);
  EXPECT_EQ(*OriginOr(SettingsOf({{"AWS_ENDPOINT_URL_STS", "http://localhost:4566/"}}),
                      "AWS_ENDPOINT_URL_STS", usual),
            (HttpOrigin{false, "localhost", 4566}));
  for (const char* bad : {"localhost:4566", "http://localhost/path"}) {
    const auto origin =
        OriginOr(SettingsOf({{"AWS_ENDPOINT_URL_STS", bad}}), "AWS_ENDPOINT_URL_STS", usual);
    ASSERT_FALSE(origin);
    EXPECT_THAT(origin.error().message, HasSubstr("AWS_ENDPOINT_URL_STS"));
  }
}

TEST(AwsOrigins, AreReplacedByTheVariableOfAServiceOrOfAll) {
  EXPECT_EQ(*FindAwsEndpoint(SettingsOf({}), "STS"), std::nullopt);
  std::map<std::string, std::string> variables = {{"AWS_ENDPOINT_URL", "http://all:1"}};
  EXPECT_EQ(*FindAwsEndpoint(SettingsOf(variables), "STS"), (HttpOrigin{false, "all", 1}));
  variables["AWS_ENDPOINT_URL_STS"] = "https://sts.example";
  EXPECT_EQ(*FindAwsEndpoint(SettingsOf(variables), "STS"), (HttpOrigin{true, "sts.example", 443}));
  EXPECT_EQ(*FindAwsEndpoint(SettingsOf(variables), "S3"), (HttpOrigin{false, "all", 1}));
  variables["AWS_ENDPOINT_URL_STS"] = "sts.example";
  EXPECT_THAT(FindAwsEndpoint(SettingsOf(variables), "STS").error().message,
              HasSubstr("AWS_ENDPOINT_URL_STS"));
}

TEST(AwsOrigins, KnowThisMachine) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.0.9", "::1"}) {
    EXPECT_TRUE(is_loopback({false, host, 80})) << host;
  }
  for (const char* host :
       {"127.example.com", "localhost.example", "128.0.0.1", "::2", "10.0.0.1"}) {
    EXPECT_FALSE(is_loopback({false, host, 80})) << host;
  }
}

}  // namespace
}  // namespace revops::net
