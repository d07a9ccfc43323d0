#include "core/warehouse/snowflake/secret_credentials.h"

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kPem[] = "-----BEGIN PRIVATE KEY-----\nMII";

/// A secret store of one secret.
struct Store {
  std::string secret = "one";
  std::optional<Error> failure;
  int reads = 0;

  Result<Secret> Read() {
    ++reads;
    if (failure) return Fail(*failure);
    return Secret(secret);
  }
};

std::unique_ptr<SecretCredentials> Open(ReadSecret read, const Clock& clock) {
  auto opened = SecretCredentials::Open({std::move(read), {}, {"ACCOUNT", "USER"}, clock});
  EXPECT_TRUE(opened);
  return *std::move(opened);
}

std::string TokenOf(Credentials& credentials) {
  return std::string(credentials.Token()->token.reveal());
}

boost::json::value Golden() {
  std::ifstream file("contracts/goldens/snowflake/jwt.json");
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST(SnowflakeSecret, IsAKeyOrATokenOrJsonWithOne) {
  struct Case {
    std::string text;
    std::string private_key;
    std::string passphrase;
    std::string access_token;
    std::string oauth_token;
  };
  const std::string pem = kPem;
  for (const Case& test : {
           Case{pem, pem, "", "", ""},
           Case{" \n" + pem + "\n", pem, "", "", ""},
           Case{"a comment\n" + pem, "a comment\n" + pem, "", "", ""},
           Case{"token\n", "", "", "token", ""},
           Case{R"({"password":"p"})", "", "", "p", ""},
           Case{R"({"access_token":"t","password":"p"})", "", "", "t", ""},
           Case{R"({"oauth_token":"o","password":"p"})", "", "", "", "o"},
           Case{R"( {"private_key":"k","private_key_passphrase":"x","other":1})", "k", "x", "", ""},
       }) {
    SCOPED_TRACE(test.text);
    const auto parsed = ParseSnowflakeSecret(Secret(test.text));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->private_key.reveal(), test.private_key);
    EXPECT_EQ(parsed->passphrase.reveal(), test.passphrase);
    EXPECT_EQ(parsed->access_token.reveal(), test.access_token);
    EXPECT_EQ(parsed->oauth_token.reveal(), test.oauth_token);
  }
}

TEST(SnowflakeSecret, IsRefusedWithoutAWordOfIt) {
  for (const char* text :
       {"", " \n", "{}", "{", R"({"private_key":7})", R"({"hunter2":"hunter2"})"}) {
    const auto parsed = ParseSnowflakeSecret(Secret(std::string_view(text)));
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(SecretCredentials, SignInWithWhatTheSecretHolds) {
  const FakeClock clock(*ParseInstant("2026-11-22T02:00:00Z"));
  Store store;
  const auto type = [&](const std::string& text) {
    store.secret = text;
    return Open([&] { return store.Read(); }, clock)->Token()->type;
  };
  EXPECT_EQ(type("t"), "PROGRAMMATIC_ACCESS_TOKEN");
  EXPECT_EQ(type(R"({"oauth_token":"t"})"), "OAUTH");
  EXPECT_EQ(type(Golden().at("private_key").as_string().c_str()), "KEYPAIR_JWT");
}

TEST(SecretCredentials, CannotBeOpenedWithoutAUsableSecret) {
  const SystemClock clock;
  Store store;
  const auto error = [&] {
    return SecretCredentials::Open({[&] { return store.Read(); }, {}, {"A", "U"}, clock})
        .error()
        .code;
  };
  store.secret = "{}";
  EXPECT_EQ(error(), ErrorCode::kInvalidArgument);
  store.secret = kPem;
  EXPECT_EQ(error(), ErrorCode::kInvalidArgument);
  store.failure = {ErrorCode::kPermissionDenied, "no", "aws:AccessDenied", {}};
  EXPECT_EQ(error(), ErrorCode::kPermissionDenied);
}

TEST(SecretCredentials, TakeARotatedSecretAndKeepTheOldOneElse) {
  const SystemClock clock;
  Store store;
  const auto credentials = Open([&] { return store.Read(); }, clock);
  EXPECT_EQ(TokenOf(*credentials), "one");
  EXPECT_EQ(store.reads, 1);
  EXPECT_FALSE(credentials->Renew(*credentials->Token(), std::nullopt)) << "it is the same";
  store.secret = "two";
  const AuthToken refused = *credentials->Token();
  EXPECT_TRUE(credentials->Renew(refused, std::nullopt));
  EXPECT_EQ(TokenOf(*credentials), "two");
  EXPECT_EQ(store.reads, 3);
  EXPECT_TRUE(credentials->Renew(refused, std::nullopt)) << "another was refused before";
  EXPECT_EQ(store.reads, 3);
  store.secret = "{}";
  EXPECT_FALSE(credentials->Renew(*credentials->Token(), std::nullopt));
  store.failure = {ErrorCode::kUnavailable, "away", "aws:503", {}};
  EXPECT_FALSE(credentials->Renew(*credentials->Token(), std::nullopt));
  EXPECT_EQ(TokenOf(*credentials), "two");
}

// The key is the one that it was, but the machine's clock is off.
TEST(SecretCredentials, RenewAKeysTokenWhenTheSecretIsTheSame) {
  const FakeClock clock(*ParseInstant("2026-11-22T02:00:00Z"));
  Store store;
  store.secret = Golden().at("private_key").as_string().c_str();
  const auto credentials = Open([&] { return store.Read(); }, clock);
  const AuthToken refused = *credentials->Token();
  EXPECT_TRUE(credentials->Renew(refused, clock.Now() + std::chrono::minutes(10)));
  EXPECT_FALSE(credentials->Token()->token == refused.token);
}

TEST(SecretCredentials, ReadOnceForAllWhoAreRefusedAndLetTheOthersGoOn) {
  const SystemClock clock;
  std::atomic<int> reads = 0;
  std::promise<void> has_begun;
  std::promise<void> may_end;
  const auto credentials = Open(
      [&]() -> Result<Secret> {
        if (++reads == 1) return Secret("one");
        has_begun.set_value();
        may_end.get_future().wait();
        return Secret("two");
      },
      clock);
  const AuthToken refused = *credentials->Token();
  const auto renew = [&] { return credentials->Renew(refused, std::nullopt); };
  auto first = std::async(std::launch::async, renew);
  has_begun.get_future().wait();
  auto second = std::async(std::launch::async, renew);
  EXPECT_EQ(TokenOf(*credentials), "one") << "nobody waits who only needs a token";
  may_end.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(TokenOf(*credentials), "two");
}

}  // namespace
}  // namespace revops::warehouse
