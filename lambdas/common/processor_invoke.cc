#include "lambdas/common/processor_invoke.h"

#include <chrono>
#include <stop_token>
#include <utility>

#include "core/net/aws/canonical_request.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/sigv4.h"
#include "core/net/retry.h"

namespace revops::lambda {
namespace {

constexpr int kAttemptsMax = 3;
constexpr int kAccepted = 202;
constexpr auto kTimeout = std::chrono::seconds(10);

Error ErrorOf(int status) {
  const std::string origin = "lambda:" + std::to_string(status);
  if (status == 403) {
    return {ErrorCode::kPermissionDenied,
            "the role may not invoke the processor: check its lambda:InvokeFunction",
            origin,
            {}};
  }
  if (status == 404) {
    return {ErrorCode::kNotFound,
            "there is no such function: check REVOPS_PROCESSOR_FUNCTION",
            origin,
            {}};
  }
  if (status == 429 || status >= 500) {
    return {ErrorCode::kUnavailable, "Lambda cannot take the event now", origin, {}};
  }
  return {ErrorCode::kInternal, "Lambda refused the event", origin, {}};
}

}  // namespace

ProcessorInvoke::ProcessorInvoke(Target target, Parts parts)
    : target_(std::move(target)), parts_(parts) {}

Result<net::ClientResponse> ProcessorInvoke::Send(const std::string& event,
                                                  Clock::SteadyTime deadline) {
  REVOPS_TRY_ASSIGN(const net::AwsCredentials keys, parts_.credentials.Get(deadline));
  net::ClientRequest request;
  request.method = "POST";
  request.origin = target_.endpoint.value_or(net::AwsOrigin("lambda", target_.region));
  request.target =
      "/2015-03-31/functions/" + net::PercentEncoded(target_.function) + "/invocations";
  request.headers = {{"Content-Type", "application/json"}, {"X-Amz-Invocation-Type", "Event"}};
  request.body = event;
  request.deadline = deadline;
  net::SignRequest(request, keys, {target_.region, "lambda"}, parts_.clock.Now());
  return parts_.transport.Send(request);
}

Result<void> ProcessorInvoke::Start(const std::string& event) {
  const auto deadline = parts_.clock.SteadyNow() + kTimeout;
  for (int attempt = 1;; ++attempt) {
    const Result<net::ClientResponse> answer = Send(event, deadline);
    if (answer && answer->status == kAccepted) return {};
    const Error error = answer ? ErrorOf(answer->status) : answer.error();
    if (answer && answer->status == 403) parts_.credentials.Forget();
    if (error.code != ErrorCode::kUnavailable || attempt == kAttemptsMax) return Fail(error);
    if (!parts_.pause.For(net::BackoffTime(attempt, parts_.random), {})) return Fail(error);
  }
}

}  // namespace revops::lambda
