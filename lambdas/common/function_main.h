#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credential_chain.h"
#include "core/net/aws/lambda/runtime.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/store/object_store.h"
#include "lambdas/common/processor_invoke.h"
#include "lambdas/common/settings.h"
#include "lambdas/common/snowflake_link.h"

namespace revops::lambda {

/// What every function has, for as long as its process lives.
struct FunctionTools {
  const FunctionSettings& settings;
  const net::AwsSettings& aws;
  const Clock& clock;
  Random& random;
  net::Pause& pause;
  net::HttpTransport& transport;
  net::AwsCredentialSource& credentials;
};

/// Takes calls; does not come back but with an error.
using Serve = std::function<Result<void>(net::LambdaHandler& handler)>;

/// The main function of a function: reads the environment, lets `body` make the handler and serve
/// with it. What goes wrong before is reported to the runtime. Returns the process's exit status.
int RunFunction(const FunctionNeeds& needs,
                const std::function<Result<void>(const FunctionTools&, const Serve&)>& body);

/// What an operation of the store may take where somebody waits for the answer. Lambda gives a
/// start 10 s, and kills a call after 28: of a bucket that is silent both must have been told
/// before.
inline constexpr std::chrono::seconds kReadersPatience{8};
/// The same where nobody does.
inline constexpr std::chrono::seconds kNightsPatience{20};

/// The bucket of REVOPS_STORE_URL. Errors: kInvalidArgument.
Result<std::unique_ptr<store::ObjectStore>> OpenStore(const FunctionTools& tools,
                                                      std::chrono::seconds operation_timeout);

/// Errors: those of SnowflakeLink::Open.
Result<std::unique_ptr<SnowflakeLink>> OpenWarehouse(const FunctionTools& tools);

/// Errors: kInvalidArgument.
Result<std::unique_ptr<ProcessorStarter>> OpenProcessor(const FunctionTools& tools);

}  // namespace revops::lambda
