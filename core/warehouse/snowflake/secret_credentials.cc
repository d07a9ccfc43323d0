#include "core/warehouse/snowflake/secret_credentials.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"

namespace revops::warehouse {
namespace {

Secret TextIn(const boost::json::object& members, std::string_view name) {
  const auto* value = members.if_contains(name);
  return value && value->is_string() ? Secret(value->get_string()) : Secret();
}

Unexpected Unusable() {
  return Fail(ErrorCode::kInvalidArgument,
              "the secret for Snowflake holds neither a private key nor a token: put the PEM into "
              "it, or JSON with the member private_key, access_token, oauth_token or password");
}

/// Empty where it is no JSON object.
boost::json::object MembersOf(std::string_view text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  return !error && value.is_object() ? value.get_object() : boost::json::object();
}

SnowflakeSecret FromJson(std::string_view text) {
  const boost::json::object members = MembersOf(text);
  SnowflakeSecret secret{TextIn(members, "private_key"), TextIn(members, "private_key_passphrase"),
                         TextIn(members, "access_token"), TextIn(members, "oauth_token")};
  const bool has_token = !secret.access_token.empty() || !secret.oauth_token.empty();
  if (!has_token) secret.access_token = TextIn(members, "password");
  return secret;
}

}  // namespace

Result<SnowflakeSecret> ParseSnowflakeSecret(const Secret& secret) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::string_view text = secret.reveal();
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  SnowflakeSecret parsed;
  if (text.starts_with('{')) {
    parsed = FromJson(text);
  } else if (text.starts_with("-----BEGIN") || text.find('\n') != std::string_view::npos) {
    parsed.private_key = Secret(text);
  } else {
    parsed.access_token = Secret(text);
  }
  if (parsed.private_key.empty() && parsed.access_token.empty() && parsed.oauth_token.empty()) {
    return Unusable();
  }
  return parsed;
}

SecretCredentials::SecretCredentials(Config config) : config_(std::move(config)) {}

Result<std::unique_ptr<SecretCredentials>> SecretCredentials::Open(Config config) {
  std::unique_ptr<SecretCredentials> credentials(new SecretCredentials(std::move(config)));
  REVOPS_TRY_ASSIGN(Secret secret, credentials->config_.read());
  REVOPS_TRY(credentials->Use(std::move(secret)));
  return credentials;
}

Result<void> SecretCredentials::Use(Secret secret) {
  REVOPS_TRY_ASSIGN(SnowflakeSecret parsed, ParseSnowflakeSecret(secret));
  const Secret& passphrase = parsed.passphrase.empty() ? config_.passphrase : parsed.passphrase;
  if (!parsed.private_key.empty()) {
    REVOPS_TRY_ASSIGN(current_,
                      KeyPairCredentials::Open(parsed.private_key.reveal(), passphrase.reveal(),
                                               config_.identity, config_.clock));
  } else if (!parsed.access_token.empty()) {
    current_ = FixedToken({kAccessTokenType, std::move(parsed.access_token)});
  } else {
    current_ = FixedToken({kOauthTokenType, std::move(parsed.oauth_token)});
  }
  secret_ = std::move(secret);
  return {};
}

Result<AuthToken> SecretCredentials::Token() {
  std::shared_ptr<Credentials> current;
  {
    const std::scoped_lock lock(mutex_);
    current = current_;
  }
  return current->Token();
}

bool SecretCredentials::Renew(const AuthToken& refused, std::optional<Instant> server_now) {
  std::unique_lock lock(mutex_);
  if (is_reading_) {
    has_read_.wait(lock, [&] { return !is_reading_; });
    return has_helped_;
  }
  const Result<AuthToken> present = current_->Token();
  if (present && present->token != refused.token) return true;
  is_reading_ = true;
  lock.unlock();
  Result<Secret> secret = config_.read();
  lock.lock();
  has_helped_ = Take(std::move(secret), refused, server_now);
  is_reading_ = false;
  has_read_.notify_all();
  return has_helped_;
}

bool SecretCredentials::Take(Result<Secret> secret, const AuthToken& refused,
                             std::optional<Instant> server_now) {
  if (!secret) {
    LogError("secret_not_read", secret.error());
    return current_->Renew(refused, server_now);
  }
  if (*secret == secret_) return current_->Renew(refused, server_now);
  const Result<void> used = Use(*std::move(secret));
  if (!used) LogError("secret_not_used", used.error());
  return used.has_value();
}

}  // namespace revops::warehouse
