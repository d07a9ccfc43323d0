#include "lambdas/common/settings.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::lambda {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<FunctionSettings> Read(const std::map<std::string, std::string>& variables,
                              const FunctionNeeds& needs = {}) {
  return ReadFunctionSettings(
      [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      needs);
}

TEST(FunctionSettings, HaveTheDefaultsOfTheProgramOnSnowflake) {
  const auto settings = Read({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->definitions, sales::Definitions());
  EXPECT_EQ(settings->schedule.expression(), "0 2 * * *");
  EXPECT_EQ(settings->live_poll_seconds, 0U);
  EXPECT_EQ(settings->live_queries_per_minute, 30U);
  EXPECT_EQ(settings->snapshot_rows_max, 5'000'000U);
  EXPECT_FALSE(settings->rest_api_takes_binary);
}

TEST(FunctionSettings, TakeWhatIsGiven) {
  const auto settings = Read({{"REVOPS_STORE_URL", "s3://sales/eu"},
                              {"AWS_REGION", "eu-west-1"},
                              {"REVOPS_ZONE", "Europe/Berlin"},
                              {"REVOPS_CURRENCY", "EUR"},
                              {"REVOPS_STAGES", "New, Won ,"},
                              {"REVOPS_CORS_ORIGINS", "https://a.example,https://b.example"},
                              {"REVOPS_LIVE_POLL_SECONDS", "15"},
                              {"REVOPS_LIVE_QUERIES_PER_MINUTE", "-1"},
                              {"REVOPS_REST_API_BINARY", "true"},
                              {"SNOWFLAKE_URL", "org-account"},
                              {"SNOWFLAKE_USER", "REVOPS"},
                              {"SNOWFLAKE_DATABASE", "SALES"},
                              {"SNOWFLAKE_WAREHOUSE", "WH"},
                              {"SNOWFLAKE_SECRET_ARN", "arn:aws:secretsmanager:x"}},
                             {.store = true, .warehouse = true});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->store_url, "s3://sales/eu");
  EXPECT_EQ(settings->store_region, "eu-west-1");
  EXPECT_EQ(settings->zone.name(), "Europe/Berlin");
  EXPECT_EQ(settings->definitions.currency, "EUR");
  EXPECT_THAT(settings->definitions.stages, ElementsAre("New", "Won"));
  EXPECT_THAT(settings->cors_origins, ElementsAre("https://a.example", "https://b.example"));
  EXPECT_EQ(settings->live_queries_per_minute, 30U);
  EXPECT_TRUE(settings->rest_api_takes_binary);
  EXPECT_EQ(settings->snowflake->schema, "PUBLIC");
  EXPECT_EQ(settings->snowflake->secret_id, "arn:aws:secretsmanager:x");
}

TEST(FunctionSettings, NameEverythingThatIsWrongAtOnce) {
  const auto settings = Read({{"REVOPS_ZONE", "Mars/Base"},
                              {"REVOPS_LOCALE", "en_GB"},
                              {"REVOPS_CURRENCY", "XYZW"},
                              {"REVOPS_LIVE_POLL_SECONDS", "3601"},
                              {"REVOPS_SNAPSHOT_ROWS_MAX", "many"},
                              {"REVOPS_REST_API_BINARY", "perhaps"},
                              {"REVOPS_SCHEDULE", "daily"}},
                             {.store = true, .warehouse = true, .processor = true});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalidArgument);
  for (const char* part :
       {"REVOPS_STORE_URL is not set", "SNOWFLAKE_URL", "SNOWFLAKE_USER", "SNOWFLAKE_DATABASE",
        "SNOWFLAKE_WAREHOUSE", "SNOWFLAKE_SECRET_ARN", "REVOPS_PROCESSOR_FUNCTION", "Mars/Base",
        "locale 'en_GB'", "currency 'XYZW'", "REVOPS_LIVE_POLL_SECONDS", "REVOPS_SNAPSHOT_ROWS_MAX",
        "REVOPS_REST_API_BINARY"}) {
    EXPECT_THAT(settings.error().message, HasSubstr(part));
  }
}

TEST(FunctionSettings, TakeEverySecretOfTheEnvironment) {
  const auto settings = Read({{"SNOWFLAKE_URL", "org-account"},
                              {"SNOWFLAKE_USER", "REVOPS"},
                              {"SNOWFLAKE_DATABASE", "SALES"},
                              {"SNOWFLAKE_WAREHOUSE", "WH"},
                              {"SNOWFLAKE_PRIVATE_KEY", "key"},
                              {"SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "passphrase"},
                              {"SNOWFLAKE_ACCESS_TOKEN", "access"},
                              {"SNOWFLAKE_OAUTH_TOKEN", "oauth"},
                              {"SNOWFLAKE_PASSWORD", "password"}},
                             {.warehouse = true});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->snowflake->secret_id, "");
  const warehouse::SnowflakeSignIn& sign_in = settings->snowflake->sign_in;
  EXPECT_EQ(sign_in.private_key.reveal(), "key");
  EXPECT_EQ(sign_in.private_key_passphrase.reveal(), "passphrase");
  EXPECT_EQ(sign_in.access_token.reveal(), "access");
  EXPECT_EQ(sign_in.oauth_token.reveal(), "oauth");
  EXPECT_EQ(sign_in.password.reveal(), "password");
}

}  // namespace
}  // namespace revops::lambda
