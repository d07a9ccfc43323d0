#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/warehouse/snowflake/credentials.h"

namespace revops::lambda {

/// What Snowflake is signed in to with: a private key in PEM, or a token (of the first version also
/// called password); either as the secret's whole text, or as its JSON member "private_key" (with
/// "private_key_passphrase"), "access_token" or "password".
struct SnowflakeSecret {
  std::string private_key;
  std::string passphrase;
  std::string access_token;
};

/// Errors: kInvalidArgument for a secret that holds none of them.
Result<SnowflakeSecret> ParseSnowflakeSecret(const std::string& text);

/// Credentials of a secret that is kept elsewhere and may be rotated: when Snowflake refuses them,
/// the secret is read again. Thread-safe.
class SecretCredentials final : public warehouse::Credentials {
 public:
  using Read = std::function<Result<std::string>()>;

  /// Reads the secret. `clock` outlives the result.
  /// Errors: of `read`; kInvalidArgument for a secret that cannot be used.
  static Result<std::unique_ptr<SecretCredentials>> Open(Read read,
                                                         warehouse::KeyPairIdentity identity,
                                                         const Clock& clock);

  Result<warehouse::AuthToken> Token() override;
  bool Renew(std::optional<Instant> server_now) override;

 private:
  SecretCredentials(Read read, warehouse::KeyPairIdentity identity, const Clock& clock);

  Result<void> Use(std::string secret);

  const Read read_;
  const warehouse::KeyPairIdentity identity_;
  const Clock& clock_;
  std::mutex mutex_;
  std::string secret_;
  std::shared_ptr<warehouse::Credentials> current_;
};

}  // namespace revops::lambda
