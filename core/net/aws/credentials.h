#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/net/http_client.h"

namespace revops::net {

/// What AWS requests are signed with.
struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;      ///< secret: neither logged nor part of an error
  std::string session_token;          ///< secret; empty for long-term keys
  std::optional<Instant> expires_at;  ///< nullopt: they do not end
};

/// Where they come from. Thread-safe. Kept until five minutes before their end.
class AwsCredentialSource {
 public:
  virtual ~AwsCredentialSource() = default;

  /// Credentials that are valid now.
  /// Errors: kUnauthenticated when no source has any, saying where was looked; what asking a
  ///         source failed with.
  virtual Result<AwsCredentials> Get(Clock::SteadyTime deadline) = 0;

  /// The service has refused the last ones: the next Get asks anew.
  virtual void Forget() = 0;
};

}  // namespace revops::net
