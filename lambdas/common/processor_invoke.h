#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credentials.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "lambdas/common/stored_refresh.h"

namespace revops::lambda {

/// Invokes the processor's function asynchronously: Lambda queues the event.
///
/// Source: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
class ProcessorInvoke final : public ProcessorStarter {
 public:
  /// The references outlive it.
  struct Parts {
    net::HttpTransport& transport;
    net::AwsCredentialSource& credentials;
    const Clock& clock;
    Random& random;
    net::Pause& pause;
  };
  struct Target {
    std::string function;  ///< name or ARN
    std::string region;
    std::optional<net::HttpOrigin> endpoint;  ///< of an emulator; else the region's
  };

  ProcessorInvoke(Target target, Parts parts);

  /// What may be over soon is tried three times; an event that comes twice finds its job started.
  /// Errors: kNotFound, kPermissionDenied, kUnavailable, kInternal with the origin
  /// "lambda:<status>";
  ///         those of the transport and of the credentials.
  Result<void> Start(const std::string& event) override;

 private:
  Result<net::ClientResponse> Send(const std::string& event, Clock::SteadyTime deadline);

  const Target target_;
  const Parts parts_;
};

}  // namespace revops::lambda
