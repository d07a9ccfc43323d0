#include "core/warehouse/snowflake/credentials.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "core/warehouse/snowflake/account.h"

namespace revops::warehouse {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const Instant kNow = *ParseInstant("2026-11-22T02:00:00Z");
const KeyPairIdentity kIdentity = {"myorg-my_account", "Revops_User"};

EVP_PKEY* RsaKey() {
  static const Key kKey(EVP_RSA_gen(2048));
  return kKey.get();
}

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_ctrl(bio, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
  return {data, static_cast<std::size_t>(size)};
}

std::string Pem(EVP_PKEY* key, const std::string& passphrase = {}) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, passphrase.data(),
                                static_cast<int>(passphrase.size()), nullptr, nullptr);
  return Text(bio.get());
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string FromBase64(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<std::uint8_t*>(bytes.data()),
                      reinterpret_cast<const std::uint8_t*>(text.data()), int(text.size()));
  EXPECT_GE(size, 0) << "not base64";
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)) - padding);
  return bytes;
}

struct Jwt {
  boost::json::value header;
  boost::json::value claims;
  std::string signed_text;
  std::string signature;

  std::int64_t number(const char* claim) const { return claims.at(claim).as_int64(); }
  std::string text(const char* claim) const { return claims.at(claim).as_string().c_str(); }
};

Jwt Parse(const std::string& token) {
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  EXPECT_NE(second, std::string::npos);
  EXPECT_EQ(token.find_first_of("=+/ \n"), std::string::npos) << "not base64url";
  return {boost::json::parse(FromBase64(token.substr(0, first))),
          boost::json::parse(FromBase64(token.substr(first + 1, second - first - 1))),
          token.substr(0, second), FromBase64(token.substr(second + 1))};
}

bool is_signed_by(const Jwt& jwt, EVP_PKEY* key) {
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(
             context.get(), reinterpret_cast<const std::uint8_t*>(jwt.signature.data()),
             jwt.signature.size(), reinterpret_cast<const std::uint8_t*>(jwt.signed_text.data()),
             jwt.signed_text.size()) == 1;
}

std::string Fingerprint(EVP_PKEY* key) {
  std::uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(der, static_cast<std::size_t>(size), digest);
  OPENSSL_free(der);
  std::string text(45, '\0');
  EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(text.data()), digest, sizeof digest);
  return "SHA256:" + text.substr(0, 44);
}

std::unique_ptr<KeyPairCredentials> Open(const Clock& clock) {
  auto opened = KeyPairCredentials::Open(Pem(RsaKey()), "", kIdentity, clock);
  EXPECT_TRUE(opened);
  return *std::move(opened);
}

std::string TokenOf(Credentials& credentials) {
  return std::string(credentials.Token()->token.reveal());
}

Error OpenError(const std::string& pem, const std::string& passphrase = {}) {
  const FakeClock clock(kNow);
  const auto opened = KeyPairCredentials::Open(pem, passphrase, kIdentity, clock);
  return opened ? Error{ErrorCode::kInternal, "it was opened", {}, {}} : opened.error();
}

TEST(KeyPairCredentials, SignWhoTheyAreForFiftyNineMinutes) {
  const FakeClock clock(kNow + std::chrono::milliseconds(999));
  const auto credentials = Open(clock);
  const auto token = credentials->Token();
  ASSERT_TRUE(token);
  EXPECT_EQ(token->type, "KEYPAIR_JWT");
  const Jwt jwt = Parse(std::string(token->token.reveal()));
  EXPECT_EQ(jwt.header, (boost::json::value{{"alg", "RS256"}, {"typ", "JWT"}}));
  EXPECT_EQ(jwt.text("sub"), "MYORG-MY_ACCOUNT.REVOPS_USER");
  EXPECT_EQ(jwt.text("iss"), "MYORG-MY_ACCOUNT.REVOPS_USER." + Fingerprint(RsaKey()));
  EXPECT_EQ(jwt.number("iat"), kNow.time_since_epoch() / seconds(1));
  EXPECT_EQ(jwt.number("exp") - jwt.number("iat"), 59 * 60);
  EXPECT_TRUE(is_signed_by(jwt, RsaKey()));
}

TEST(KeyPairCredentials, ShowWhatTheServerMustKnow) {
  const FakeClock clock(kNow);
  const auto credentials = Open(clock);
  EXPECT_EQ(credentials->fingerprint(), Fingerprint(RsaKey()));
  const std::string der = FromBase64(credentials->public_key());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(der.data());
  const Key key(d2i_PUBKEY(nullptr, &bytes, static_cast<long>(der.size())));
  ASSERT_TRUE(key);
  EXPECT_EQ(EVP_PKEY_eq(key.get(), RsaKey()), 1);
}

TEST(KeyPairCredentials, TakeEveryFormOfAKey) {
  const std::string pem = Pem(RsaKey());
  const std::string encrypted = Pem(RsaKey(), "open sesame");
  ASSERT_THAT(pem, HasSubstr("BEGIN PRIVATE KEY"));
  ASSERT_THAT(encrypted, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  struct Form {
    std::string pem;
    std::string passphrase;
  };
  const std::vector<Form> forms = {
      {pem, ""},
      {pem, "not needed"},
      {encrypted, "open sesame"},
      {Replaced(pem, "\n", "\\n"), ""},
      {Replaced(pem, "\n", "\\r\\n"), ""},
      {Replaced(pem, "\n", "\r\n"), ""},
      {Replaced(encrypted, "\n", "\\n"), "open sesame"},
      {"A comment\n" + pem + "\n", ""},
      {pem.substr(0, pem.size() - 1), ""},
  };
  const FakeClock clock(kNow);
  for (const Form& form : forms) {
    SCOPED_TRACE(form.passphrase);
    const auto opened = KeyPairCredentials::Open(form.pem, form.passphrase, kIdentity, clock);
    ASSERT_TRUE(opened) << opened.error().message;
    const auto token = (*opened)->Token();
    ASSERT_TRUE(token);
    EXPECT_TRUE(is_signed_by(Parse(std::string(token->token.reveal())), RsaKey()));
  }
}

TEST(KeyPairCredentials, RefuseOtherKeysAndSayWhy) {
  const Key small(EVP_RSA_gen(1024));
  const Key elliptic(EVP_EC_gen("P-256"));
  const std::string pem = Pem(RsaKey());
  const std::string encrypted = Pem(RsaKey(), "open sesame");
  struct Case {
    std::string pem;
    std::string passphrase;
    std::string why;
  };
  const std::vector<Case> cases = {
      {"", "", "no PEM"},
      {"hunter2-is-no-key", "", "no PEM"},
      {pem.substr(0, pem.size() / 2), "", "no PEM"},
      {Replaced(pem, "PRIVATE", "PUBLIC"), "", "no PEM"},
      {encrypted, "", "passphrase"},
      {encrypted, "wrong-passphrase", "passphrase is wrong"},
      {encrypted, std::string(5000, 'x'), "passphrase is wrong"},
      {Pem(elliptic.get()), "", "no RSA key"},
      {Pem(small.get()), "", "fewer than 2048 bits"},
  };
  for (const Case& test : cases) {
    const Error error = OpenError(test.pem, test.passphrase);
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument) << test.why;
    EXPECT_THAT(error.message, HasSubstr(test.why));
  }
}

TEST(KeyPairCredentials, PutNothingSecretIntoErrors) {
  const std::string pem = Pem(RsaKey());
  const std::string encrypted = Pem(RsaKey(), "open sesame");
  for (const Error& error :
       {OpenError("hunter2-is-no-key"), OpenError(encrypted, "wrong-passphrase"),
        OpenError(pem.substr(0, pem.size() / 2)), OpenError(encrypted)}) {
    const std::string text = Describe(error);
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(text, Not(HasSubstr("wrong-passphrase")));
    EXPECT_THAT(text, Not(HasSubstr(pem.substr(30, 20))));
    EXPECT_THAT(text, Not(HasSubstr(encrypted.substr(40, 20))));
  }
}

TEST(KeyPairCredentials, KeepATokenForFiftyMinutes) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  const std::string first = TokenOf(*credentials);
  clock.Advance(minutes(50) - std::chrono::milliseconds(1));
  EXPECT_EQ(TokenOf(*credentials), first);
  clock.Advance(std::chrono::milliseconds(1));
  const std::string second = TokenOf(*credentials);
  EXPECT_NE(second, first);
  EXPECT_EQ(Parse(second).number("iat") - Parse(first).number("iat"), 50 * 60);
}

TEST(KeyPairCredentials, FollowAClockThatIsSetBack) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  ASSERT_TRUE(credentials->Token());
  clock.JumpTo(kNow - seconds(1));
  EXPECT_EQ(Parse(TokenOf(*credentials)).number("iat"),
            (kNow - seconds(1)).time_since_epoch() / seconds(1));
}

// 30 minutes after it was made the clock goes back by 20: the token must not get 20 more.
TEST(KeyPairCredentials, DoNotOutliveATokenWhenTheClockIsSetBack) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  const std::string first = TokenOf(*credentials);
  clock.Advance(minutes(30));
  clock.JumpTo(kNow + minutes(10));
  EXPECT_EQ(TokenOf(*credentials), first);
  clock.Advance(minutes(20));
  EXPECT_NE(TokenOf(*credentials), first);
}

TEST(KeyPairCredentials, FollowAClockThatIsSetForward) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  const std::string first = TokenOf(*credentials);
  clock.JumpTo(kNow + minutes(51));
  EXPECT_NE(TokenOf(*credentials), first);
}

TEST(KeyPairCredentials, TakeTheServersTimeAfterARefusal) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  const std::string refused = TokenOf(*credentials);
  const Instant server_now = kNow + minutes(10);
  EXPECT_TRUE(credentials->Renew(*credentials->Token(), server_now));
  const std::string renewed = TokenOf(*credentials);
  EXPECT_NE(renewed, refused);
  EXPECT_EQ(Parse(renewed).number("iat"), server_now.time_since_epoch() / seconds(1));
  clock.Advance(minutes(50));
  EXPECT_EQ(Parse(TokenOf(*credentials)).number("iat"),
            (server_now + minutes(50)).time_since_epoch() / seconds(1));

  clock.JumpTo(server_now + minutes(50));
  EXPECT_TRUE(credentials->Renew(*credentials->Token(), clock.Now() + seconds(5)));
  EXPECT_EQ(Parse(TokenOf(*credentials)).number("iat"), clock.Now().time_since_epoch() / seconds(1))
      << "a clock that was put right is followed again";
}

TEST(KeyPairCredentials, AreRenewedWithoutTheServersTime) {
  FakeClock clock(kNow);
  const auto credentials = Open(clock);
  const std::string refused = TokenOf(*credentials);
  clock.Advance(seconds(1));
  EXPECT_TRUE(credentials->Renew(*credentials->Token(), std::nullopt));
  EXPECT_NE(TokenOf(*credentials), refused);
}

TEST(KeyPairCredentials, WriteAnyUserAsJson) {
  const FakeClock clock(kNow);
  const auto opened =
      KeyPairCredentials::Open(Pem(RsaKey()), "", {"a", "o\"brien\\\n\xC3\xA9"}, clock);
  ASSERT_TRUE(opened);
  EXPECT_EQ(Parse(TokenOf(**opened)).text("sub"), "A.O\"BRIEN\\\n\xC3\xA9");
}

TEST(FixedToken, IsAlwaysTheSame) {
  const auto credentials = FixedToken({kAccessTokenType, Secret("abc")});
  EXPECT_EQ(credentials->Token()->type, "PROGRAMMATIC_ACCESS_TOKEN");
  EXPECT_EQ(TokenOf(*credentials), "abc");
  EXPECT_FALSE(credentials->Renew(*credentials->Token(), kNow));
}

TEST(KeyPairGolden, ClaimsWhatSnowflakesDriverClaims) {
  std::ifstream file("contracts/goldens/snowflake/jwt.json");
  const boost::json::value golden =
      boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  const std::string pem = golden.at("private_key").as_string().c_str();
  ASSERT_GE(golden.at("cases").as_array().size(), 6U);
  for (const boost::json::value& test : golden.at("cases").as_array()) {
    const std::string given = test.at("account").as_string().c_str();
    SCOPED_TRACE(given);
    const FakeClock clock(Instant(seconds(test.at("now").as_int64())));
    const auto account = ParseSnowflakeAccount(given);
    ASSERT_TRUE(account);
    const auto opened = KeyPairCredentials::Open(
        pem, "", {account->token_name, test.at("user").as_string().c_str()}, clock);
    ASSERT_TRUE(opened);
    EXPECT_EQ((*opened)->fingerprint(), golden.at("fingerprint").as_string().c_str());
    const Jwt jwt = Parse(TokenOf(**opened));
    EXPECT_EQ(jwt.header, test.at("header"));
    EXPECT_EQ(jwt.claims, test.at("claims"));
  }
}

}  // namespace
}  // namespace revops::warehouse
