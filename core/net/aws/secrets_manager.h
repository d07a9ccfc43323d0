#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credentials.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"

namespace revops::net {

struct SecretRequest {
  std::string region;                  ///< may be empty for an ARN, whose own region counts
  std::string secret_id;               ///< a name or an ARN
  std::optional<HttpOrigin> endpoint;  ///< of an emulator or a private one; else the region's
  Clock::SteadyTime deadline;          ///< for all attempts
  std::stop_token stop;
};

/// The current text of a secret in AWS Secrets Manager.
///
/// Errors: those of CallSigned; kUnsupported for a secret of bytes, kInvalidArgument without a
///         region or an id.
Result<std::string> GetSecretString(HttpTransport& transport, AwsCredentialSource& credentials,
                                    const Clock& clock, const SecretRequest& request);

/// The same with everything that it depends on.
struct SecretReader {
  HttpTransport& transport;
  AwsCredentialSource& credentials;
  const Clock& clock;
  Random& random;
  Pause& pause;

  Result<std::string> Get(const SecretRequest& request) const;
};

}  // namespace revops::net
