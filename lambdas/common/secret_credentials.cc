#include "lambdas/common/secret_credentials.h"

#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"

namespace revops::lambda {
namespace {

std::string TextIn(const boost::json::object& members, std::string_view name) {
  const auto* value = members.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Unexpected Unusable() {
  return Fail(ErrorCode::kInvalidArgument,
              "the secret for Snowflake holds neither a private key nor a token: put the PEM into "
              "it, or JSON with the member private_key, access_token or password");
}

/// Empty where it is no JSON object.
boost::json::object MembersOf(const std::string& text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  return !error && value.is_object() ? value.get_object() : boost::json::object();
}

}  // namespace

Result<SnowflakeSecret> ParseSnowflakeSecret(const std::string& text) {
  SnowflakeSecret secret;
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return Unusable();
  if (text[start] == '{') {
    const boost::json::object members = MembersOf(text);
    secret.private_key = TextIn(members, "private_key");
    secret.passphrase = TextIn(members, "private_key_passphrase");
    secret.access_token = TextIn(members, "access_token");
    if (secret.access_token.empty()) secret.access_token = TextIn(members, "password");
  } else if (text.starts_with("-----BEGIN") || text.find('\n') != std::string::npos) {
    secret.private_key = text;
  } else {
    secret.access_token = text;
  }
  if (secret.private_key.empty() && secret.access_token.empty()) return Unusable();
  return secret;
}

SecretCredentials::SecretCredentials(Read read, warehouse::KeyPairIdentity identity,
                                     const Clock& clock)
    : read_(std::move(read)), identity_(std::move(identity)), clock_(clock) {}

Result<std::unique_ptr<SecretCredentials>> SecretCredentials::Open(
    Read read, warehouse::KeyPairIdentity identity, const Clock& clock) {
  std::unique_ptr<SecretCredentials> credentials(
      new SecretCredentials(std::move(read), std::move(identity), clock));
  REVOPS_TRY_ASSIGN(std::string secret, credentials->read_());
  REVOPS_TRY(credentials->Use(std::move(secret)));
  return credentials;
}

Result<void> SecretCredentials::Use(std::string secret) {
  REVOPS_TRY_ASSIGN(const SnowflakeSecret parsed, ParseSnowflakeSecret(secret));
  if (parsed.private_key.empty()) {
    current_ = warehouse::FixedToken({"PROGRAMMATIC_ACCESS_TOKEN", parsed.access_token});
  } else {
    REVOPS_TRY_ASSIGN(current_, warehouse::KeyPairCredentials::Open(
                                    parsed.private_key, parsed.passphrase, identity_, clock_));
  }
  secret_ = std::move(secret);
  return {};
}

Result<warehouse::AuthToken> SecretCredentials::Token() {
  std::shared_ptr<warehouse::Credentials> current;
  {
    const std::scoped_lock lock(mutex_);
    current = current_;
  }
  return current->Token();
}

bool SecretCredentials::Renew(std::optional<Instant> server_now) {
  const std::scoped_lock lock(mutex_);
  Result<std::string> secret = read_();
  if (!secret) {
    LogError("secret_not_read", secret.error());
    return current_->Renew(server_now);
  }
  if (*secret == secret_) return current_->Renew(server_now);
  const Result<void> used = Use(*std::move(secret));
  if (!used) LogError("secret_not_used", used.error());
  return used.has_value();
}

}  // namespace revops::lambda
