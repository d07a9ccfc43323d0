#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/net/aws/signed_call.h"
#include "core/net/http_client.h"

namespace revops::net {

struct WorkloadTokenRequest {
  std::string region;                  ///< STS gives these tokens in regions alone
  std::string audience;                ///< whom the token is shown to
  std::chrono::seconds lifetime;       ///< from a minute to an hour
  std::optional<HttpOrigin> endpoint;  ///< of an emulator or a private one; else the region's
  Clock::SteadyTime deadline;          ///< for all attempts
};

/// A token signed by AWS that says to others whose keys these are: GetWebIdentityToken of STS,
/// signed with ES384.
///
/// Errors: those of CallSigned; kInvalidArgument without a region, kCorrupt for an answer without a
///         token, of which it holds no word.
/// Source: docs.aws.amazon.com, STS API reference, "GetWebIdentityToken"
Result<Secret> GetWorkloadToken(const SignedCallParts& parts, const WorkloadTokenRequest& request);

}  // namespace revops::net
