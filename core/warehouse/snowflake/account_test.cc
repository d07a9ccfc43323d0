#include "core/warehouse/snowflake/account.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Form {
  std::string text;
  std::string host;
  std::string token_name;
};

TEST(SnowflakeAccount, IsReadFromEveryFormThatPeoplePaste) {
  const std::vector<Form> forms = {
      {"myorg-account1", "myorg-account1.snowflakecomputing.com", "MYORG-ACCOUNT1"},
      {"MYORG-Account1", "myorg-account1.snowflakecomputing.com", "MYORG-ACCOUNT1"},
      {" myorg-account1\n", "myorg-account1.snowflakecomputing.com", "MYORG-ACCOUNT1"},
      {"myorg-my_acc_1", "myorg-my-acc-1.snowflakecomputing.com", "MYORG-MY_ACC_1"},
      {"https://myorg-my_acc.snowflakecomputing.com", "myorg-my-acc.snowflakecomputing.com",
       "MYORG-MY_ACC"},
      {"abc123", "abc123.snowflakecomputing.com", "ABC123"},
      {"abc123.us-east-1", "abc123.us-east-1.snowflakecomputing.com", "ABC123"},
      {"test.us-east-2.aws", "test.us-east-2.aws.snowflakecomputing.com", "TEST"},
      {"abc123.us-east-1.snowflakecomputing.com", "abc123.us-east-1.snowflakecomputing.com",
       "ABC123"},
      {"https://abc123.us-east-1.snowflakecomputing.com/",
       "abc123.us-east-1.snowflakecomputing.com", "ABC123"},
      {"HTTPS://ABC123.SNOWFLAKECOMPUTING.COM/console#/internal?a=b",
       "abc123.snowflakecomputing.com", "ABC123"},
      {"https://myorg-a.snowflakecomputing.com:443/api", "myorg-a.snowflakecomputing.com",
       "MYORG-A"},
      {"myorg-a.snowflakecomputing.com:443", "myorg-a.snowflakecomputing.com", "MYORG-A"},
      {"myorg-a.privatelink", "myorg-a.privatelink.snowflakecomputing.com", "MYORG-A"},
      {"abc123.cn-northwest-1.aws", "abc123.cn-northwest-1.aws.snowflakecomputing.cn", "ABC123"},
      {"abc123.cn-northwest-1", "abc123.cn-northwest-1.snowflakecomputing.cn", "ABC123"},
      {"https://abc123.cn-northwest-1.aws.snowflakecomputing.cn",
       "abc123.cn-northwest-1.aws.snowflakecomputing.cn", "ABC123"},
      {"myorg-a.snowflakecomputing.cn", "myorg-a.snowflakecomputing.cn", "MYORG-A"},
      {"cn-account", "cn-account.snowflakecomputing.com", "CN-ACCOUNT"},
      {"myorg-a.global", "myorg-a.global.snowflakecomputing.com", "MYORG"},
      {"myorg.eu-1.global", "myorg.eu-1.global.snowflakecomputing.com", "MYORG-EU"},
  };
  for (const Form& form : forms) {
    SCOPED_TRACE(form.text);
    const auto account = ParseSnowflakeAccount(form.text);
    ASSERT_TRUE(account) << account.error().message;
    EXPECT_EQ(account->origin, (net::HttpOrigin{true, form.host, 443}));
    EXPECT_EQ(account->token_name, form.token_name);
  }
}

TEST(SnowflakeAccount, IsAServerOfOnesOwnWithAPort) {
  const auto account = ParseSnowflakeAccount("https://LOCALHOST:8443/path");
  ASSERT_TRUE(account);
  EXPECT_EQ(account->origin, (net::HttpOrigin{true, "localhost", 8443}));
  EXPECT_EQ(account->token_name, "LOCALHOST");
  const auto plain = ParseSnowflakeAccount("127.0.0.1:8443");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->origin, (net::HttpOrigin{true, "127.0.0.1", 8443}));
}

TEST(SnowflakeAccount, RefusesNonsense) {
  const std::vector<std::string> texts = {
      "",
      "  ",
      "https://",
      "https:///console",
      ".snowflakecomputing.com",
      "snowflakecomputing.com",
      "https://snowflakecomputing.com",
      "https://app.snowflake.com/myorg/account1/",
      "www.example.com",
      "my account",
      "'myorg-a'",
      "\"myorg-a\"",
      "-a",
      "a-",
      "_a",
      "a_",
      ".a",
      "a.",
      "a..b",
      "a.-b",
      "a-.b",
      "a-.snowflakecomputing.com",
      std::string(64, 'a'),
      std::string("a\0b", 3),
      "m\xC3\xBCller-a",
      "org-a@b",
      "a%2eb",
      "a\nb",
      "http://myorg-a.snowflakecomputing.com",
      "ftp://myorg-a",
      "myorg-a:",
      "myorg-a:x",
      "localhost:0",
      "localhost:65536",
      "https://user:secret@myorg-a.snowflakecomputing.com",
      "snowflake://user:secret@myorg-a/db",
  };
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    const auto account = ParseSnowflakeAccount(text);
    ASSERT_FALSE(account) << account->origin.host;
    EXPECT_EQ(account.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(account.error().message, HasSubstr("organisation-account"));
    EXPECT_THAT(account.error().message, Not(HasSubstr("secret")));
    EXPECT_THAT(account.error().message, Not(HasSubstr("\n")));
  }
}

TEST(SnowflakeAccount, TakesTheLongestName) {
  EXPECT_TRUE(ParseSnowflakeAccount(std::string(63, 'a')));
}

}  // namespace
}  // namespace revops::warehouse
