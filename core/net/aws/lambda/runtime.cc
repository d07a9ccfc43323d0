#include "core/net/aws/lambda/runtime.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "core/base/logging.h"

// GET …/invocation/next waits until there is a call; POST …/invocation/{id}/response or …/error
// ends it. While nothing is called the machine stands still: no time passes between two lines of
// this file, or a day does.

namespace revops::net {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kBase = "/2018-06-01/runtime/";
constexpr std::string_view kErrorType = "Lambda-Runtime-Function-Error-Type";
/// The client wants a deadline; the runtime asks for none.
constexpr auto kNextPatience = std::chrono::hours(24 * 365);
/// How long the runtime, on the same machine, may take to accept an answer.
constexpr auto kAnswerPatience = std::chrono::seconds(30);
/// What a call may take where the runtime does not say: the longest that can be configured.
constexpr auto kLongestCall = std::chrono::minutes(15);
constexpr std::size_t kEventBytesMax = 16UL * 1024 * 1024;

std::string TextOf(const ClientResponse& response, std::string_view name) {
  return std::string(response.header(name).value_or(std::string_view()));
}

/// From "1764208800000", milliseconds since 1970, by this machine's clock.
Clock::SteadyTime DeadlineOf(const ClientResponse& response, const Clock& clock) {
  const std::string_view text = response.header("Lambda-Runtime-Deadline-Ms").value_or("");
  std::int64_t since_1970 = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), since_1970);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && !text.empty();
  if (!is_number) return clock.SteadyNow() + kLongestCall;
  const std::int64_t left = since_1970 - clock.Now().time_since_epoch().count();
  const std::int64_t most = milliseconds(kLongestCall).count();
  return clock.SteadyNow() + milliseconds(std::clamp<std::int64_t>(left, 0, most));
}

/// Ids become part of a path.
bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::string ErrorType(const Error& error) {
  return "Function." + std::string(ToString(error.code));
}

std::string ErrorBody(const Error& error) {
  std::string json = "{\"errorMessage\":";
  AppendJsonString(json, Describe(error));
  json += ",\"errorType\":";
  AppendJsonString(json, ErrorType(error));
  return json + ",\"stackTrace\":[]}";
}

/// Nothing of ours throws; what a handler uses may.
Result<std::string> Handle(LambdaHandler& handler, const LambdaInvocation& invocation) {
  try {
    return handler.Handle(invocation);
  } catch (const std::exception& exception) {
    return Fail(ErrorCode::kInternal, std::string("unhandled exception: ") + exception.what());
  } catch (...) {
    return Fail(ErrorCode::kInternal, "unhandled exception");
  }
}

class Runtime {
 public:
  Runtime(const LambdaLoopConfig& config, HttpTransport& transport)
      : config_(config), transport_(transport) {}

  Result<LambdaInvocation> Next() {
    while (true) {
      const Result<ClientResponse> response = transport_.Send(NextRequest());
      if (!response && response.error().code == ErrorCode::kTimeout) continue;
      if (!response) return Fail(WithContext(response.error(), "waiting for a call"));
      return ToInvocation(*response);
    }
  }

  Result<void> Answer(const LambdaInvocation& invocation, std::string body) {
    ClientRequest request = Post("invocation/" + invocation.request_id + "/response");
    request.body = std::move(body);
    return Deliver(request);
  }

  Result<void> ReportError(const std::string& target, const Error& error) {
    ClientRequest request = Post(target);
    request.headers.emplace_back(kErrorType, ErrorType(error));
    request.body = ErrorBody(error);
    return Deliver(request);
  }

 private:
  ClientRequest NextRequest() const {
    ClientRequest request;
    request.method = "GET";
    request.origin = config_.runtime;
    request.target = std::string(kBase) + "invocation/next";
    request.deadline = config_.clock.SteadyNow() + kNextPatience;
    request.body_bytes_max = kEventBytesMax;
    return request;
  }

  Result<LambdaInvocation> ToInvocation(const ClientResponse& response) const {
    LambdaInvocation invocation;
    invocation.request_id = TextOf(response, "Lambda-Runtime-Aws-Request-Id");
    if (response.status != 200 || !is_request_id(invocation.request_id)) {
      return Fail(ErrorCode::kUnavailable,
                  "the runtime has no call but status " + std::to_string(response.status),
                  "lambda:next");
    }
    invocation.payload = response.body;
    invocation.deadline = DeadlineOf(response, config_.clock);
    invocation.function_arn = TextOf(response, "Lambda-Runtime-Invoked-Function-Arn");
    invocation.trace_id = TextOf(response, "Lambda-Runtime-Trace-Id");
    invocation.tenant_id = TextOf(response, "Lambda-Runtime-Aws-Tenant-Id");
    return invocation;
  }

  ClientRequest Post(const std::string& target) const {
    ClientRequest request;
    request.method = "POST";
    request.origin = config_.runtime;
    request.target = std::string(kBase) + target;
    request.headers = {{"Content-Type", "application/json"}};
    request.deadline = config_.clock.SteadyNow() + kAnswerPatience;
    return request;
  }

  /// Once more when it may have been lost: the runtime refuses the second of two.
  Result<void> Deliver(const ClientRequest& request) {
    Result<ClientResponse> response = transport_.Send(request);
    if (!response && response.error().code == ErrorCode::kUnavailable) {
      response = transport_.Send(request);
    }
    if (!response) return Fail(WithContext(response.error(), "answering a call"));
    if (response->status < 300) return {};
    const std::string status = std::to_string(response->status);
    if (response->status >= 500) {
      return Fail(ErrorCode::kUnavailable, "the runtime failed with status " + status,
                  "lambda:answer");
    }
    Log(LogLevel::kError, "answer_refused",
        {{"status", static_cast<std::int64_t>(response->status)},
         {"bytes", static_cast<std::int64_t>(request.body.size())}});
    return {};
  }

  const LambdaLoopConfig& config_;
  HttpTransport& transport_;
};

}  // namespace

Result<HttpOrigin> ParseRuntimeApi(std::string_view text) {
  // Plain HTTP to the machine itself, which ParseOrigin does not know.
  REVOPS_TRY_ASSIGN(HttpOrigin origin, ParseOrigin("https://" + std::string(text)));
  origin.tls = false;
  if (text.find(':') == std::string_view::npos) origin.port = 80;
  return origin;
}

Result<void> RunLambdaLoop(const LambdaLoopConfig& config, HttpTransport& transport,
                           LambdaHandler& handler) {
  Runtime runtime(config, transport);
  while (true) {
    REVOPS_TRY_ASSIGN(const LambdaInvocation invocation, runtime.Next());
    Result<std::string> answer = Handle(handler, invocation);
    if (answer) {
      REVOPS_TRY(runtime.Answer(invocation, *std::move(answer)));
      continue;
    }
    LogError("call_failed", answer.error(), {{"request_id", invocation.request_id}});
    REVOPS_TRY(
        runtime.ReportError("invocation/" + invocation.request_id + "/error", answer.error()));
  }
}

void ReportLambdaInitError(const LambdaLoopConfig& config, HttpTransport& transport,
                           const Error& error) {
  LogError("function_not_started", error);
  const auto reported = Runtime(config, transport).ReportError("init/error", error);
  if (!reported) LogError("init_error_not_reported", reported.error());
}

}  // namespace revops::net
