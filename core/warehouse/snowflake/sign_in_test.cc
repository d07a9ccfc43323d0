#include "core/warehouse/snowflake/sign_in.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

const FakeClock kClock(*ParseInstant("2026-11-22T02:00:00Z"));

Secret Key() {
  std::ifstream file("contracts/goldens/snowflake/jwt.json");
  const auto golden = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  return Secret(golden.at("private_key").as_string());
}

std::string Chosen(SnowflakeSignIn sign_in) {
  const auto opened = OpenCredentials(std::move(sign_in), {"ACCOUNT", "USER"}, kClock);
  if (!opened) return opened.error().message;
  const auto token = (*opened)->Token();
  if (token->type == "KEYPAIR_JWT") return token->type;
  return token->type + " " + std::string(token->token.reveal());
}

TEST(SnowflakeSignIn, TakesTheFirstThatIsGiven) {
  SnowflakeSignIn sign_in;
  sign_in.ask_identity = [] {
    return Result<IdentityToken>(IdentityToken{Secret("identity"), std::chrono::minutes(5)});
  };
  sign_in.read_secret = [] { return Result<Secret>(Secret("kept")); };
  sign_in.private_key = Key();
  sign_in.access_token = Secret("access");
  sign_in.oauth_token = Secret("oauth");
  sign_in.password = Secret("password");
  EXPECT_EQ(Chosen(sign_in), "WORKLOAD_IDENTITY_FEDERATION identity");
  sign_in.ask_identity = nullptr;
  EXPECT_EQ(Chosen(sign_in), "PROGRAMMATIC_ACCESS_TOKEN kept");
  sign_in.read_secret = nullptr;
  EXPECT_EQ(Chosen(sign_in), "KEYPAIR_JWT");
  sign_in.private_key = Secret();
  EXPECT_EQ(Chosen(sign_in), "PROGRAMMATIC_ACCESS_TOKEN access");
  sign_in.access_token = Secret();
  EXPECT_EQ(Chosen(sign_in), "OAUTH oauth");
  sign_in.oauth_token = Secret();
  EXPECT_EQ(Chosen(sign_in), "PROGRAMMATIC_ACCESS_TOKEN password");
  EXPECT_TRUE(sign_in.is_given());
  sign_in.password = Secret();
  EXPECT_FALSE(sign_in.is_given());
  EXPECT_EQ(Chosen(sign_in), "there is nothing to sign in to Snowflake with");
}

TEST(SnowflakeSignIn, FailsAsItsSecretDoes) {
  SnowflakeSignIn sign_in;
  sign_in.read_secret = []() -> Result<Secret> { return Fail(ErrorCode::kNotFound, "no secret"); };
  sign_in.access_token = Secret("access");
  EXPECT_EQ(Chosen(sign_in), "no secret");
}

}  // namespace
}  // namespace revops::warehouse
