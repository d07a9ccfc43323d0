#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/warehouse/snowflake/credentials.h"

namespace revops::warehouse {

/// What a secret that is kept elsewhere signs in with: a private key in PEM, or a token; either as
/// the secret's whole text, or as its JSON member "private_key" (with "private_key_passphrase"),
/// "access_token", "oauth_token" or "password", which is taken for an access token. The first of
/// them that is there counts.
struct SnowflakeSecret {
  Secret private_key;
  Secret passphrase;
  Secret access_token;
  Secret oauth_token;
};

/// Errors: kInvalidArgument for a secret that holds none of them.
Result<SnowflakeSecret> ParseSnowflakeSecret(const Secret& text);

/// Asks for the secret's present text.
using ReadSecret = std::function<Result<Secret>()>;

/// Credentials of a secret that is kept elsewhere and may be rotated: when Snowflake refuses them,
/// the secret is read again, once for all who are refused meanwhile. Thread-safe; nobody waits for
/// the secret who was not refused.
class SecretCredentials final : public Credentials {
 public:
  struct Config {
    ReadSecret read;
    Secret passphrase;  ///< of an encrypted key whose secret does not hold it
    KeyPairIdentity identity;
    const Clock& clock;  ///< outlives the credentials
  };

  /// Reads the secret.
  /// Errors: of `read`; kInvalidArgument for a secret that cannot be used.
  static Result<std::unique_ptr<SecretCredentials>> Open(Config config);

  Result<AuthToken> Token() override;
  bool Renew(const AuthToken& refused, std::optional<Instant> server_now) override;

 private:
  explicit SecretCredentials(Config config);

  Result<void> Use(Secret secret);
  bool Take(Result<Secret> secret, const AuthToken& refused, std::optional<Instant> server_now);

  const Config config_;
  std::mutex mutex_;
  std::condition_variable has_read_;
  bool is_reading_ = false;
  bool has_helped_ = false;  ///< the last reading
  Secret secret_;
  std::shared_ptr<Credentials> current_;
};

}  // namespace revops::warehouse
