#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/net/http_client.h"

namespace revops::net {

/// One call of a function.
struct LambdaInvocation {
  std::string request_id;
  std::string payload;         ///< the event, as a rule JSON
  Clock::SteadyTime deadline;  ///< the function is killed then
  std::string function_arn;    ///< these may be empty: not every runtime sends them
  std::string trace_id;        ///< for those who ask others on behalf of this call
  std::string tenant_id;
};

/// What a function does.
class LambdaHandler {
 public:
  virtual ~LambdaHandler() = default;
  /// The answer, JSON. An error or an exception is reported as the call's failure; the process
  /// goes on with the next call. One call at a time.
  virtual Result<std::string> Handle(const LambdaInvocation& invocation) = 0;
};

struct LambdaLoopConfig {
  HttpOrigin runtime;  ///< of AWS_LAMBDA_RUNTIME_API
  const Clock& clock;
};

/// "127.0.0.1:9001", as AWS_LAMBDA_RUNTIME_API has it.
/// Errors: kInvalidArgument.
Result<HttpOrigin> ParseRuntimeApi(std::string_view text);

/// Takes calls from the Runtime API and answers them until the runtime fails or is gone: returns
/// nothing but an error, with which the process ends, so that the service starts a new one.
///
/// A handler must be made before: what it loads then is not loaded within somebody's call. What the
/// runtime does not take of an answer (too large, too late) is logged; the loop goes on.
///
/// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
Result<void> RunLambdaLoop(const LambdaLoopConfig& config, HttpTransport& transport,
                           LambdaHandler& handler);

/// Tells the runtime that the function cannot start; the process ends with a failure after it.
void ReportLambdaInitError(const LambdaLoopConfig& config, HttpTransport& transport,
                           const Error& error);

}  // namespace revops::net
