#include "core/net/aws/lambda/runtime.h"

#include <chrono>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/logging.h"

namespace revops::net {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const Instant kNow = *ParseInstant("2026-11-22T02:00:00Z");

using Answer = Result<ClientResponse>;

ClientResponse Status(int status) {
  ClientResponse response;
  response.status = status;
  return response;
}

ClientResponse Call(std::string id, std::string payload) {
  ClientResponse response = Status(200);
  response.headers = {{"Lambda-Runtime-Aws-Request-Id", std::move(id)}};
  response.body = std::move(payload);
  return response;
}

Unexpected Lost() { return Fail(ErrorCode::kUnavailable, "the peer broke off", "net:http"); }

/// Plays the runtime: its answers in order, then it is gone.
class ScriptedRuntime final : public HttpTransport {
 public:
  explicit ScriptedRuntime(std::deque<Answer> answers) : answers_(std::move(answers)) {}

  Answer Send(const ClientRequest& request) override {
    requests.push_back(request);
    if (answers_.empty()) return Fail(ErrorCode::kUnavailable, "refused", "net:connect");
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  /// "GET invocation/next" …
  std::vector<std::string> lines() const {
    constexpr std::string_view kBase = "/2018-06-01/runtime/";
    std::vector<std::string> lines;
    for (const ClientRequest& request : requests) {
      EXPECT_TRUE(request.target.starts_with(kBase)) << request.target;
      lines.push_back(request.method + " " + request.target.substr(kBase.size()));
    }
    return lines;
  }

  std::vector<ClientRequest> requests;

 private:
  std::deque<Answer> answers_;
};

class Function final : public LambdaHandler {
 public:
  explicit Function(std::function<Result<std::string>(const LambdaInvocation&)> handle)
      : handle_(std::move(handle)) {}

  Result<std::string> Handle(const LambdaInvocation& invocation) override {
    calls.push_back(invocation);
    return handle_(invocation);
  }

  std::vector<LambdaInvocation> calls;

 private:
  std::function<Result<std::string>(const LambdaInvocation&)> handle_;
};

Function Echo() {
  return Function(
      [](const LambdaInvocation& invocation) -> Result<std::string> { return invocation.payload; });
}

struct LambdaRuntime : testing::Test {
  FakeClock clock{kNow};
  LambdaLoopConfig config{*ParseRuntimeApi("127.0.0.1:9001"), clock};

  LambdaRuntime() { SetLogLevel(LogLevel::kError); }
};

TEST_F(LambdaRuntime, AnswersOneCallAfterTheOther) {
  ScriptedRuntime runtime({Call("a-1", "{}"), Status(202), Call("b-2", "[]"), Status(202)});
  Function function = Echo();
  const auto ended = RunLambdaLoop(config, runtime, function);
  EXPECT_EQ(ended.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(runtime.lines(), ElementsAre("GET invocation/next", "POST invocation/a-1/response",
                                           "GET invocation/next", "POST invocation/b-2/response",
                                           "GET invocation/next"));
  EXPECT_EQ(runtime.requests[3].body, "[]");
  EXPECT_FALSE(runtime.requests[0].origin.tls);
  EXPECT_GT(runtime.requests[0].deadline - clock.SteadyNow(), std::chrono::hours(24 * 30));
}

TEST_F(LambdaRuntime, HandsOverWhatTheRuntimeSays) {
  ClientResponse call = Call("a", "{}");
  const auto until = (kNow + seconds(29)).time_since_epoch().count();
  call.headers.emplace_back("lambda-runtime-deadline-ms", std::to_string(until));
  call.headers.emplace_back("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:f");
  call.headers.emplace_back("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7");
  ScriptedRuntime runtime({call, Status(202)});
  Function function = Echo();
  EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
  EXPECT_EQ(function.calls[0].deadline, clock.SteadyNow() + seconds(29));
  EXPECT_EQ(function.calls[0].function_arn, "arn:aws:lambda:f");
  EXPECT_EQ(function.calls[0].trace_id, "Root=1-5bef4de7");
}

TEST_F(LambdaRuntime, TakesADeadlineThatIsMissingPastOrNonsense) {
  const auto deadline_of = [&](const std::string& text) {
    ClientResponse call = Call("a", "{}");
    if (!text.empty()) call.headers.emplace_back("Lambda-Runtime-Deadline-Ms", text);
    ScriptedRuntime runtime({call, Status(202)});
    Function function = Echo();
    EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
    return function.calls.at(0).deadline - clock.SteadyNow();
  };
  EXPECT_EQ(deadline_of(""), std::chrono::minutes(15));
  EXPECT_EQ(deadline_of("soon"), std::chrono::minutes(15));
  EXPECT_EQ(deadline_of("99999999999999999999"), std::chrono::minutes(15));
  EXPECT_EQ(deadline_of("9000000000000000000"), std::chrono::minutes(15));
  EXPECT_EQ(deadline_of("1000"), seconds(0));
}

TEST_F(LambdaRuntime, ReportsAFailureAndGoesOn) {
  ScriptedRuntime runtime({Call("a", "{}"), Status(202), Call("b", "{}"), Status(202)});
  Function function([](const LambdaInvocation&) -> Result<std::string> {
    return Fail(ErrorCode::kTimeout, "no \"time\"", "s3:slow");
  });
  EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
  EXPECT_EQ(function.calls.size(), 2U);
  const ClientRequest& report = runtime.requests.at(1);
  EXPECT_EQ(report.target, "/2018-06-01/runtime/invocation/a/error");
  constexpr char kBody[] =
      R"json({"errorMessage":"no \"time\" (s3:slow)","errorType":"Function.timeout","stackTrace":[]})json";
  EXPECT_EQ(report.body, kBody);
  EXPECT_THAT(report.headers, testing::Contains(std::pair<std::string, std::string>(
                                  "Lambda-Runtime-Function-Error-Type", "Function.timeout")));
}

TEST_F(LambdaRuntime, ReportsExceptions) {
  ScriptedRuntime runtime({Call("a", "{}"), Status(202), Call("b", "{}"), Status(202)});
  Function function([](const LambdaInvocation& invocation) -> Result<std::string> {
    if (invocation.request_id == "a") throw std::runtime_error("out of luck");
    throw 7;
  });
  EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
  EXPECT_THAT(runtime.requests.at(1).body, HasSubstr("out of luck"));
  EXPECT_THAT(runtime.requests.at(3).body, HasSubstr("unhandled exception"));
}

TEST_F(LambdaRuntime, GoesOnWhenAnAnswerIsTooLargeOrTooLate) {
  for (const int status : {400, 403, 413}) {
    ScriptedRuntime runtime({Call("a", "{}"), Status(status), Call("b", "{}"), Status(202)});
    Function function = Echo();
    EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
    EXPECT_EQ(function.calls.size(), 2U) << status;
  }
}

TEST_F(LambdaRuntime, EndsWhenTheRuntimeFails) {
  Function function = Echo();
  ScriptedRuntime failing({Call("a", "{}"), Status(500)});
  EXPECT_EQ(RunLambdaLoop(config, failing, function).error().origin, "lambda:answer");
  EXPECT_EQ(failing.requests.size(), 2U);
  for (const int status : {403, 500, 204}) {
    ScriptedRuntime refusing({Status(status)});
    EXPECT_EQ(RunLambdaLoop(config, refusing, function).error().origin, "lambda:next");
  }
  ScriptedRuntime nameless({Status(200)});
  EXPECT_EQ(RunLambdaLoop(config, nameless, function).error().origin, "lambda:next");
  ScriptedRuntime hostile({Call("../../x", "{}")});
  EXPECT_EQ(RunLambdaLoop(config, hostile, function).error().origin, "lambda:next");
  EXPECT_EQ(function.calls.size(), 1U);
}

TEST_F(LambdaRuntime, WaitsOnWhenNothingWasCalledForAYear) {
  ScriptedRuntime runtime({Fail(ErrorCode::kTimeout, "late", "net:http"), Call("a", "{}")});
  Function function = Echo();
  EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
  EXPECT_EQ(function.calls.size(), 1U);
}

TEST_F(LambdaRuntime, SendsAnAnswerOnceMoreWhenItMayBeLost) {
  ScriptedRuntime runtime({Call("a", "{}"), Lost(), Status(403), Call("b", "{}"), Status(202)});
  Function function = Echo();
  EXPECT_FALSE(RunLambdaLoop(config, runtime, function));
  EXPECT_EQ(function.calls.size(), 2U);
  EXPECT_EQ(runtime.requests.at(2).target, runtime.requests.at(1).target);
}

TEST_F(LambdaRuntime, ReportsThatItCannotStart) {
  ScriptedRuntime runtime({Status(202)});
  ReportLambdaInitError(config, runtime, {ErrorCode::kInvalidArgument, "no bucket", {}, {}});
  EXPECT_THAT(runtime.lines(), ElementsAre("POST init/error"));
  EXPECT_THAT(runtime.requests[0].body, HasSubstr("no bucket"));
}

TEST(LambdaRuntimeApi, IsAHostAndAPort) {
  EXPECT_EQ(ParseRuntimeApi("127.0.0.1:9001")->port, 9001);
  EXPECT_EQ(ParseRuntimeApi("localhost")->port, 80);
  EXPECT_FALSE(ParseRuntimeApi(""));
  EXPECT_FALSE(ParseRuntimeApi("127.0.0.1:9001/x"));
}

}  // namespace
}  // namespace revops::net
