#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"

namespace revops::warehouse {

/// What a request proves itself with.
struct AuthToken {
  std::string type;  ///< "KEYPAIR_JWT" or one of those below
  Secret token;      ///< for the Authorization field alone
};

inline constexpr char kAccessTokenType[] = "PROGRAMMATIC_ACCESS_TOKEN";
inline constexpr char kOauthTokenType[] = "OAUTH";
inline constexpr char kWorkloadIdentityType[] = "WORKLOAD_IDENTITY_FEDERATION";

/// Where tokens come from. Thread-safe. Secrets are neither logged nor part of an error.
class Credentials {
 public:
  virtual ~Credentials() = default;
  /// A token that is valid now; kept until shortly before its end.
  virtual Result<AuthToken> Token() = 0;
  /// The server has refused this one: make another if that can help, unless there is another by
  /// now. `server_now`: the server's time, where it said so. False: the same token would come
  /// again.
  virtual bool Renew(const AuthToken& refused, std::optional<Instant> server_now) = 0;
};

/// A token that somebody else made: programmatic access token, OAuth.
std::unique_ptr<Credentials> FixedToken(AuthToken token);

/// Who a key-pair token speaks for.
struct KeyPairIdentity {
  std::string account;  ///< SnowflakeAccount::token_name
  std::string user;     ///< any case
};

/// Signs a token of 59 minutes with the private key and renews it after 50; on a machine whose
/// clock is off, once a refusal, by the server's.
class KeyPairCredentials final : public Credentials {
 public:
  /// `pem`: PKCS#8, plain or encrypted with `passphrase`; line ends may be written as "\n" in two
  /// characters, as secret stores have them. `clock` outlives the result.
  /// Errors: kInvalidArgument for anything else than an RSA key of at least 2048 bits, saying why.
  static Result<std::unique_ptr<KeyPairCredentials>> Open(std::string_view pem,
                                                          std::string_view passphrase,
                                                          const KeyPairIdentity& identity,
                                                          const Clock& clock);
  ~KeyPairCredentials() override;

  Result<AuthToken> Token() override;
  bool Renew(const AuthToken& refused, std::optional<Instant> server_now) override;

  /// "SHA256:…", as DESCRIBE USER shows RSA_PUBLIC_KEY_FP.
  const std::string& fingerprint() const { return fingerprint_; }
  /// The public key as ALTER USER … SET RSA_PUBLIC_KEY takes it: base64 without lines.
  std::string public_key() const;

 private:
  struct Key;
  KeyPairCredentials(std::unique_ptr<Key> key, const KeyPairIdentity& identity, const Clock& clock);

  Result<std::string> Sign(Instant now) const;

  const std::unique_ptr<Key> key_;
  const std::string subject_;  ///< "ACCOUNT.USER"
  const std::string fingerprint_;
  const Clock& clock_;
  std::mutex mutex_;
  Secret token_;
  Instant renew_at_;
  Clock::SteadyTime steady_renew_at_;
  std::chrono::milliseconds clock_correction_{0};
};

}  // namespace revops::warehouse
