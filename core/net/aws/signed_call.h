#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credentials.h"
#include "core/net/aws/sigv4.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"

namespace revops::net {

/// What a signed call depends on.
struct SignedCallParts {
  HttpTransport& transport;
  AwsCredentialSource& credentials;
  const Clock& clock;
  Random& random;
  Pause& pause;
};

/// The body of a service's answer of status 200 to `request`, which is signed for `scope` here and
/// whose deadline is that of all attempts. `code_of` reads the code of a failure.
///
/// Errors: the table of errors.h. What may be over soon (throttling, 5xx, a broken connection) is
///         asked again with full jitter, five times in all and within the deadline; refused keys
///         are asked for anew once, and a clock that is off by more than four minutes is corrected
///         by the service's once.
Result<std::string> CallSigned(const SignedCallParts& parts, const ClientRequest& request,
                               const SigningScope& scope,
                               const std::function<std::string(std::string_view body)>& code_of);

}  // namespace revops::net
