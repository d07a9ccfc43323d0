#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/client_testing.h"

namespace revops::warehouse {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_submission(const net::ClientRequest& request) {
  return request.target.starts_with("/api/v2/statements?");
}

bool is_cancel(const net::ClientRequest& request) {
  return request.target.find("/cancel?") != std::string::npos;
}

/// Answers of a service that takes statements and loses the answers, for as long as `is_ill`.
struct LosingService {
  explicit LosingService(ClientBench& bench) {
    bench.transport.answer = [this](const net::ClientRequest& request,
                                    std::size_t) -> ScriptedTransport::Answer {
      if (is_ill) return Lost();
      if (is_cancel(request)) return Http(cancel_status, FailureBody("000604"));
      return Parameter(request, "retry") == "true" ? found : Http(200, ResultBody({1}));
    };
  }

  bool is_ill = true;
  int cancel_status = 200;
  ScriptedTransport::Answer found = Http(202, StatusBody("lost-1"));
};

/// Asks until the budget is spent; what is running then is not known.
std::string LoseOne(ClientBench& bench) {
  KeepingSink sink;
  EXPECT_FALSE(bench.Execute(sink, seconds(100)));
  return Parameter(bench.transport.requests().back(), "requestId");
}

TEST(SnowflakeClientUnsettled, IsSoughtByItsIdAndCancelledBeforeTheNextOne) {
  ClientBench bench;
  LosingService service(bench);
  const std::string lost = LoseOne(bench);
  const auto body = bench.transport.requests().back().body;
  const std::size_t before = bench.transport.requests().size();
  for (int i = 0; i < 11 * 2; ++i) {
    service.is_ill = false;
    KeepingSink other;
    ASSERT_TRUE(bench.client->Execute({"SELECT " + std::to_string(i), {}}, other,
                                      {bench.clock.SteadyNow() + seconds(30), {}}));
  }
  KeepingSink sink;
  const auto done = bench.Execute(sink, seconds(50));
  ASSERT_TRUE(done) << Describe(done.error());
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), before + 22 + 3);
  const auto& sought = requests[before + 22];
  EXPECT_EQ(Parameter(sought, "requestId"), lost);
  EXPECT_EQ(Parameter(sought, "retry"), "true");
  EXPECT_EQ(Parameter(sought, "async"), "true") << "its end is not waited for";
  EXPECT_EQ(sought.body, body);
  EXPECT_TRUE(requests[before + 23].target.starts_with("/api/v2/statements/lost-1/cancel?"));
  EXPECT_NE(Parameter(requests[before + 24], "requestId"), lost);
  EXPECT_EQ(Parameter(requests[before + 24], "retry"), "");
  EXPECT_EQ(sink.values, std::vector<std::string>{"0"});
}

TEST(SnowflakeClientUnsettled, IsNotFollowedByAnotherWhileItMayRun) {
  struct Case {
    ScriptedTransport::Answer found;
    int cancel_status;
  };
  for (const Case& unclear :
       {Case{Lost(), 200}, Case{Http(503), 200}, Case{Http(401), 200}, Case{Http(403), 200},
        Case{Http(202, "{}"), 200}, Case{Http(202, StatusBody("lost-1")), 503},
        Case{Fail(ErrorCode::kUnavailable, "refused", "net:connect"), 200}}) {
    ClientBench bench;
    LosingService service(bench);
    const std::string lost = LoseOne(bench);
    service.is_ill = false;
    service.found = unclear.found;
    service.cancel_status = unclear.cancel_status;
    for (int i = 0; i < 3; ++i) {
      KeepingSink sink;
      EXPECT_FALSE(bench.Execute(sink, seconds(50)));
      EXPECT_EQ(sink.begun, 0);
    }
    for (const auto& request : bench.transport.requests()) {
      if (is_submission(request)) {
        EXPECT_EQ(Parameter(request, "requestId"), lost);
      }
    }
  }
}

TEST(SnowflakeClientUnsettled, LeavesTheNextOneToItselfWhenItHasEnded) {
  for (const auto& ended :
       {Http(200, ResultBody({1})), Http(422, FailureBody("000604")), Http(408, StatusBody())}) {
    ClientBench bench;
    LosingService service(bench);
    const std::string lost = LoseOne(bench);
    service.is_ill = false;
    service.found = ended;
    KeepingSink first;
    const auto refused = bench.Execute(first, seconds(50));
    ASSERT_FALSE(refused) << "two requests for one question are beyond the budget";
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(first.begun, 0) << "its rows are older than the question";
    KeepingSink second;
    EXPECT_TRUE(bench.Execute(second, seconds(50)));
    EXPECT_NE(Parameter(bench.transport.requests().back(), "requestId"), lost);
    EXPECT_EQ(bench.transport.count("/cancel"), 0U);
  }
}

TEST(SnowflakeClientUnsettled, IsForgottenWhenItsTimeoutHasPassed) {
  ClientBench bench;
  LosingService service(bench);
  const std::string lost = LoseOne(bench);
  service.is_ill = false;
  bench.clock.Advance(seconds(98));
  KeepingSink sink;
  EXPECT_TRUE(bench.Execute(sink));
  EXPECT_NE(Parameter(bench.transport.requests().back(), "requestId"), lost);
  EXPECT_EQ(bench.transport.count("async"), 0U);
}

TEST(SnowflakeClientUnsettled, IsWhatCouldNotBeCancelled) {
  ClientBench bench;
  int cancel_status = 503;
  bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
    return is_cancel(request) ? Http(cancel_status, FailureBody("000604"))
                              : Http(202, StatusBody());
  };
  KeepingSink sink;
  EXPECT_FALSE(bench.Execute(sink, seconds(5)));
  const std::string first = Parameter(bench.transport.requests().front(), "requestId");
  cancel_status = 200;
  EXPECT_FALSE(bench.Execute(sink, milliseconds(2'500)));
  EXPECT_EQ(bench.transport.count("requestId=" + first), 2U);
  EXPECT_EQ(bench.transport.count("async=true"), 1U);
  EXPECT_EQ(bench.transport.count("/cancel"), 3U);
  EXPECT_FALSE(bench.Execute(sink, milliseconds(2'500)));
  EXPECT_EQ(bench.transport.count("async=true"), 1U) << "what was cancelled is settled";
}

// The first answer may take 45 s, and the handle comes with it.
TEST(SnowflakeClientUnsettled, IsCancelledWhenAStopCutsItsAnswerOff) {
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest& request,
                               std::size_t number) -> ScriptedTransport::Answer {
    if (number > 0) {
      EXPECT_FALSE(request.stop.stop_possible());
      EXPECT_EQ(request.deadline, bench.clock.SteadyNow() + seconds(3));
      return is_cancel(request) ? Http(200, FailureBody("000604")) : Http(202, StatusBody());
    }
    bench.stop.request_stop();
    return Fail(ErrorCode::kCancelled, "stopped", "net:http");
  };
  KeepingSink sink;
  const auto done = bench.Execute(sink, hours(1));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kCancelled);
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(Parameter(requests[1], "requestId"), Parameter(requests[0], "requestId"));
  EXPECT_EQ(Parameter(requests[1], "retry"), "true");
  EXPECT_EQ(Parameter(requests[1], "async"), "true");
  EXPECT_TRUE(requests[2].target.starts_with("/api/v2/statements/01b0-a/cancel?"));
}

TEST(SnowflakeClientUnsettled, IsNotSoughtAfterAStopBeforeItWasSent) {
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest&,
                               std::size_t) -> ScriptedTransport::Answer {
    bench.stop.request_stop();
    return Fail(ErrorCode::kCancelled, "stopped", "net:connect");
  };
  KeepingSink sink;
  EXPECT_FALSE(bench.Execute(sink));
  EXPECT_EQ(bench.transport.requests().size(), 1U);
}

TEST(SnowflakeClientUnsettled, IsNothingThatNeverArrived) {
  for (const auto& refused : std::vector<ScriptedTransport::Answer>{
           Fail(ErrorCode::kUnavailable, "refused", "net:connect"),
           Fail(ErrorCode::kPermissionDenied, "certificate", "net:tls"), Http(403), Http(401)}) {
    ClientBench bench;
    bool is_ill = true;
    bench.transport.answer = [&](const net::ClientRequest&, std::size_t) {
      return is_ill ? refused : Http(200, ResultBody({1}));
    };
    KeepingSink sink;
    EXPECT_FALSE(bench.Execute(sink, hours(1)));
    is_ill = false;
    EXPECT_TRUE(bench.Execute(sink, hours(1)));
    EXPECT_EQ(bench.transport.count("async"), 0U);
  }
}

// One question, again and again: no statement may be running when another is submitted, and even so
// it is one request a question.
TEST(SnowflakeClientUnsettled, KeepsTheRetryBudgetInABrownOut) {
  ClientBench bench;
  SeededRandom coin(2026);
  std::string running;
  bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
    const std::string id = Parameter(request, "requestId");
    EXPECT_TRUE(running.empty() || running == id);
    const bool is_ill = coin.Next() % 2 == 0;
    running = is_ill ? id : "";
    return is_ill ? Http(503) : Http(200, ResultBody({1}));
  };
  int succeeded = 0;
  for (int i = 0; i < 1000; ++i) {
    KeepingSink sink;
    succeeded += bench.Execute(sink, hours(1)) ? 1 : 0;
  }
  EXPECT_LE(bench.transport.requests().size(), 1100U);
  EXPECT_GE(succeeded, 250);
}

}  // namespace
}  // namespace revops::warehouse
