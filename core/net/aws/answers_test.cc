#include "core/net/aws/answers.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/aws_answer_check.h"
#include "fuzz/replay.h"

namespace revops::net {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Json(const std::string& id, const std::string& secret, const std::string& token,
                 const std::string& end) {
  return R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":")" + id +
         R"(","SecretAccessKey":")" + secret + R"(","Token":")" + token + R"(","Expiration":")" +
         end + "\"}";
}

std::string Xml(const std::string& credentials) {
  return R"(<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">)"
         "<AssumeRoleWithWebIdentityResult><Audience>sts.amazonaws.com</Audience><Credentials>" +
         credentials +
         "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
}

TEST(AwsAnswers, HoldKeys) {
  const auto json = ReadCredentialsJson(Json("ASIA1", "s/+", "t==", "2026-11-22T08:00:00Z"));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->access_key_id, "ASIA1");
  EXPECT_EQ(json->secret_access_key, "s/+");
  EXPECT_EQ(json->session_token, "t==");
  EXPECT_EQ(json->expires_at, ParseInstant("2026-11-22T08:00:00Z"));

  const auto xml = ReadAssumedRole(
      Xml("<SessionToken>t==</SessionToken><SecretAccessKey>s/+</SecretAccessKey>"
          "<Expiration>2026-11-22T08:00:00Z</Expiration><AccessKeyId>ASIA1</AccessKeyId>"));
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->access_key_id, "ASIA1");
  EXPECT_EQ(xml->secret_access_key, "s/+");
  EXPECT_EQ(xml->session_token, "t==");
  EXPECT_EQ(xml->expires_at, ParseInstant("2026-11-22T08:00:00Z"));
}

TEST(AwsAnswers, AreCorruptWithoutWholeKeysAndNeverQuoted) {
  const std::string end = "2026-11-22T08:00:00Z";
  const std::vector<std::string> bodies = {
      "",
      "hush",
      "{",
      "null",
      "[\"hush\"]",
      R"({"Code":"Failed","AccessKeyId":"hush"})",
      R"({"AccessKeyId":"hush"})",
      R"({"AccessKeyId":1,"SecretAccessKey":"hush","Token":"t","Expiration":")" + end + "\"}",
      Json("", "hush", "t", end),
      Json("a", "", "hush", end),
      Json("a", "hush", "", end),
      Json("a", "hush", "t", ""),
      Json("a", "hush", "t", "hush"),
      Json("a", "hush", "t", "2026-11-22T08:00:00+01:00"),
      Json("a", "hush", R"(t\r\nHost: x)", end),
      Json("a b", "hush", "t", end),
      std::string(100'000, '['),
      "<a>hush",
      "<AssumeRoleWithWebIdentityResponse/>",
      Xml("<AccessKeyId>hush</AccessKeyId>"),
      Xml("<AccessKeyId>a</AccessKeyId><SecretAccessKey>hush</SecretAccessKey>"
          "<SessionToken>t</SessionToken><Expiration>later</Expiration>"),
  };
  for (const std::string& body : bodies) {
    for (const auto& read : {ReadCredentialsJson(body), ReadAssumedRole(body)}) {
      ASSERT_FALSE(read) << body;
      EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
      EXPECT_THAT(Describe(read.error()), Not(HasSubstr("hush")));
    }
  }
}

TEST(AwsAnswers, SayWhatFailed) {
  EXPECT_EQ(ReadXmlErrorCode("<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException"
                             "</Code><Message>m</Message></Error></ErrorResponse>"),
            "ExpiredTokenException");
  EXPECT_EQ(ReadJsonErrorCode(R"({"__type":"ResourceNotFoundException","Message":"m"})"),
            "ResourceNotFoundException");
  EXPECT_EQ(ReadJsonErrorCode(R"({"__type":"com.amazonaws.secretsmanager#DecryptionFailure"})"),
            "DecryptionFailure");
  EXPECT_EQ(ReadJsonErrorCode(R"({"code":"AccessDeniedException"})"), "AccessDeniedException");
}

TEST(AwsAnswers, HaveNoCodeThatIsNoWord) {
  for (const char* body : {"", "busy", "{}", "[]", R"({"__type":7})", R"({"__type":"a b"})",
                           R"({"__type":"a\nb"})", "<Error><Code>X</Code></Error>",
                           "<ErrorResponse><Error><Code>a b</Code></Error></ErrorResponse>"}) {
    EXPECT_EQ(ReadJsonErrorCode(body) + ReadXmlErrorCode(body), "") << body;
  }
  EXPECT_EQ(ReadJsonErrorCode(R"({"__type":")" + std::string(65, 'x') + "\"}"), "");
}

TEST(AwsAnswerCorpus, KeepsEveryPromise) {
  const auto check = [](std::string_view bytes) {
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
      fuzz::CheckAwsAnswer(bytes.substr(0, size));
    }
  };
  EXPECT_GE(fuzz::Replay("fuzz/corpus/aws_answer", check), 30U);
}

}  // namespace
}  // namespace revops::net
