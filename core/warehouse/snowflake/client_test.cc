#include "core/warehouse/snowflake/client.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/warehouse/snowflake/client_testing.h"

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

std::string Header(const net::ClientRequest& request, std::string_view name) {
  std::string found;
  for (const auto& [field, value] : request.headers) {
    if (field == name) found += value;
  }
  return found;
}

ErrorCode CodeOf(const Result<void>& done) {
  EXPECT_FALSE(done);
  return done ? ErrorCode::kInternal : done.error().code;
}

TEST(SnowflakeClient, AsksOnceWhenTheAnswerComesAtOnce) {
  ClientBench bench;
  bench.Answer({Http(200, ResultBody({2}))});
  KeepingSink sink;
  const auto done = bench.Execute(sink);
  ASSERT_TRUE(done) << Describe(done.error());
  EXPECT_THAT(sink.values, ElementsAre("0", "1"));
  EXPECT_EQ(sink.begun, 1);
  EXPECT_THAT(sink.columns, ElementsAre(ResultColumn{"N", "fixed", 38, 0, 0}));
  EXPECT_EQ(bench.transport.requests().size(), 1U);
  EXPECT_TRUE(bench.pause.times().empty());
}

TEST(SnowflakeClient, SendsWhatTheContractDemands) {
  ClientBench bench;
  bench.Answer({Http(200, ResultBody({1}))});
  KeepingSink sink;
  ASSERT_TRUE(bench.Execute(sink, milliseconds(30'900)));
  const auto request = bench.transport.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, bench.target.origin);
  EXPECT_EQ(request.target, "/api/v2/statements?requestId=" + Parameter(request, "requestId"));
  EXPECT_THAT(Parameter(request, "requestId"), testing::ContainsRegex(kUuid));
  EXPECT_EQ(Header(request, "Authorization"), "Bearer token-0");
  EXPECT_EQ(Header(request, "X-Snowflake-Authorization-Token-Type"), "KEYPAIR_JWT");
  EXPECT_EQ(Header(request, "Content-Type"), "application/json");
  EXPECT_EQ(Header(request, "Accept"), "application/json");
  EXPECT_EQ(request.deadline, bench.clock.SteadyNow() + milliseconds(30'900));
  EXPECT_GT(request.body_bytes_max, 1'000'000U);
  EXPECT_EQ(boost::json::parse(request.body), boost::json::parse(R"({
              "statement": "SELECT 'é' WHERE A = ? AND N = ?", "timeout": 28,
              "database": "SALES", "schema": "PUBLIC", "warehouse": "WH", "role": "READER",
              "bindings": {"1": {"type": "TEXT", "value": "o\"b"},
                           "2": {"type": "FIXED", "value": "7"}},
              "parameters": {"QUERY_TAG": "revops"}})"));
}

TEST(SnowflakeClient, LeavesOutWhatIsNotConfigured) {
  ClientBench bench;
  bench.target.role.clear();
  bench.client = bench.Connect();
  bench.Answer({Http(200, ResultBody({1}))});
  KeepingSink sink;
  ASSERT_TRUE(bench.client->Execute({"SELECT 1", {}}, sink,
                                    {bench.clock.SteadyNow() + milliseconds(100), {}}));
  const auto body = boost::json::parse(bench.transport.requests().at(0).body).as_object();
  EXPECT_FALSE(body.contains("role"));
  EXPECT_FALSE(body.contains("bindings"));
  EXPECT_EQ(body.at("timeout").as_int64(), 1) << "0 would be the longest there is";
}

TEST(SnowflakeClient, AsksEachStatementUnderAnIdOfItsOwn) {
  ClientBench bench;
  bench.Answer({Http(200, ResultBody({1}))});
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    KeepingSink sink;
    ASSERT_TRUE(bench.Execute(sink));
  }
  for (const auto& request : bench.transport.requests())
    ids.insert(Parameter(request, "requestId"));
  EXPECT_EQ(ids.size(), 100U);
}

TEST(SnowflakeClient, PollsWhatIsStillRunning) {
  ClientBench bench;
  bench.Answer({Http(202, StatusBody()), Http(202, StatusBody()), Http(429),
                Http(429, StatusBody()), Http(200, ResultBody({1}))});
  KeepingSink sink;
  const auto done = bench.Execute(sink);
  ASSERT_TRUE(done) << Describe(done.error());
  EXPECT_THAT(sink.values, ElementsAre("0"));
  EXPECT_THAT(bench.pause.times(), ElementsAre(milliseconds(250), milliseconds(500),
                                               milliseconds(1000), milliseconds(2000)));
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), 5U);
  std::set<std::string> ids = {Parameter(requests[0], "requestId")};
  for (std::size_t i = 1; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].method, "GET");
    EXPECT_TRUE(requests[i].target.starts_with("/api/v2/statements/01b0-a?requestId="));
    EXPECT_TRUE(requests[i].body.empty());
    EXPECT_EQ(Header(requests[i], "Content-Type"), "");
    ids.insert(Parameter(requests[i], "requestId"));
  }
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_EQ(bench.costs.sum().retries, 0U);
}

TEST(SnowflakeClient, IsNotKeptFromPollingByBusyAnswers) {
  ClientBench bench;
  bench.transport.answer = [](const net::ClientRequest&, std::size_t number) {
    if (number == 0) return Http(202, StatusBody());
    return number < 60 ? Http(429) : Http(200, ResultBody({1}));
  };
  KeepingSink sink;
  EXPECT_TRUE(bench.Execute(sink, std::chrono::hours(1)));
  EXPECT_EQ(bench.transport.count("/cancel"), 0U);
}

TEST(SnowflakeClient, CancelsOnceWhatDoesNotEnd) {
  ClientBench bench;
  bench.Answer({Http(202, StatusBody())});
  KeepingSink sink;
  EXPECT_EQ(CodeOf(bench.Execute(sink, seconds(20))), ErrorCode::kTimeout);
  EXPECT_EQ(sink.begun, 0);
  const auto requests = bench.transport.requests();
  EXPECT_EQ(bench.transport.count("/cancel"), 1U);
  EXPECT_EQ(requests.back().method, "POST");
  EXPECT_TRUE(requests.back().target.starts_with("/api/v2/statements/01b0-a/cancel?requestId="));
  EXPECT_FALSE(requests.back().stop.stop_possible());
  EXPECT_EQ(bench.transport.count("/api/v2/statements?"), 1U) << "never asked twice";
}

TEST(SnowflakeClient, CancelsOnceAfterAStop) {
  ClientBench bench;
  bench.Answer({Http(202, StatusBody())});
  bench.pause.before_each = [&] {
    if (bench.pause.times().size() == 3) bench.stop.request_stop();
  };
  KeepingSink sink;
  EXPECT_EQ(CodeOf(bench.Execute(sink)), ErrorCode::kCancelled);
  EXPECT_EQ(bench.transport.requests().size(), 5U);
  EXPECT_EQ(bench.transport.count("/01b0-a/cancel"), 1U);
}

TEST(SnowflakeClient, EndsEvenWhenCancellingFails) {
  for (const int status : {200, 401, 422, 500}) {
    ClientBench bench;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
      const bool is_cancel = request.target.find("/cancel") != std::string::npos;
      return is_cancel ? Http(status) : Http(202, StatusBody());
    };
    KeepingSink sink;
    EXPECT_EQ(CodeOf(bench.Execute(sink, seconds(5))), ErrorCode::kTimeout) << status;
    EXPECT_LE(bench.transport.count("/cancel"), 2U) << status;
  }
}

TEST(SnowflakeClient, CancelsWhatItCannotFollow) {
  for (const auto& answer : std::vector<ScriptedTransport::Answer>{
           Http(403), Http(404), Http(405), Http(202, StatusBody("other")), Http(202, "{}"),
           Http(200, ResultBody({1}, "other")), Http(500), Http(200, "<html>"), Lost(),
           Fail(ErrorCode::kTimeout, "late", "net:http"),
           Fail(ErrorCode::kCancelled, "stopped", "net:http"),
           Fail(ErrorCode::kPermissionDenied, "certificate", "net:tls")}) {
    SCOPED_TRACE(answer ? std::to_string(answer->status) + answer->body : answer.error().message);
    ClientBench bench;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t number) {
      const bool is_cancel = request.target.find("/cancel") != std::string::npos;
      if (is_cancel) return ScriptedTransport::Answer(Http(200, FailureBody("000604")));
      return number == 0 ? ScriptedTransport::Answer(Http(202, StatusBody())) : answer;
    };
    KeepingSink sink;
    EXPECT_FALSE(bench.Execute(sink));
    EXPECT_EQ(bench.transport.count("/01b0-a/cancel"), 1U);
    EXPECT_EQ(sink.begun, 0);
  }
}

TEST(SnowflakeClient, DoesNotCancelWhatHasEnded) {
  for (const auto& [answer, code] : std::vector<std::pair<net::ClientResponse, ErrorCode>>{
           {Http(422, FailureBody("002003")), ErrorCode::kNotFound},
           {Http(422, FailureBody("000604")), ErrorCode::kCancelled},
           {Http(408, StatusBody()), ErrorCode::kTimeout},
           {Http(200, R"({"code":"391908","message":"big"})"), ErrorCode::kResourceExhausted}}) {
    ClientBench bench;
    bench.Answer({Http(202, StatusBody()), answer});
    KeepingSink sink;
    EXPECT_EQ(CodeOf(bench.Execute(sink)), code) << answer.body;
    EXPECT_EQ(bench.transport.requests().size(), 2U);
    EXPECT_EQ(sink.begun, 0);
  }
}

TEST(SnowflakeClient, RefusesAHandleThatWouldLeaveTheAddress) {
  for (const char* handle : {"", "../x", "a/b", "a?b", "a%2f", "a b", "a\\nb"}) {
    ClientBench bench;
    bench.Answer({Http(202, StatusBody(handle)), Http(200, ResultBody({1}, handle))});
    KeepingSink sink;
    EXPECT_EQ(CodeOf(bench.Execute(sink)), ErrorCode::kUnavailable) << handle;
    EXPECT_EQ(bench.transport.requests().size(), 1U);
  }
}

struct Ending {
  int status;
  std::string body;
  ErrorCode code;
  bool is_repeated;
};

TEST(SnowflakeClient, HasAnErrorForEveryStatus) {
  const std::vector<Ending> endings = {
      {400, FailureBody("390142"), ErrorCode::kInternal, false},
      {403, "", ErrorCode::kPermissionDenied, false},
      {404, "", ErrorCode::kUnavailable, false},
      {405, "", ErrorCode::kInternal, false},
      {408, "", ErrorCode::kTimeout, true},
      {408, "<html>", ErrorCode::kTimeout, true},
      {408, StatusBody(), ErrorCode::kTimeout, false},
      {415, "", ErrorCode::kInternal, false},
      {422, FailureBody("002003"), ErrorCode::kNotFound, false},
      {422, "", ErrorCode::kInternal, false},
      {429, FailureBody("390505"), ErrorCode::kUnavailable, true},
      {429, "", ErrorCode::kUnavailable, true},
      {500, "", ErrorCode::kUnavailable, true},
      {502, "<html>", ErrorCode::kUnavailable, true},
      {503, "", ErrorCode::kUnavailable, true},
      {504, "", ErrorCode::kUnavailable, true},
      {522, "", ErrorCode::kUnavailable, false},
      {302, "", ErrorCode::kInternal, false},
      {200, R"({"code":"391908","message":"big"})", ErrorCode::kResourceExhausted, false},
      {200, "<html>", ErrorCode::kUnavailable, true},
      {200, "", ErrorCode::kUnavailable, true},
      {200, "{}", ErrorCode::kUnavailable, false},
      {204, "{}", ErrorCode::kInternal, false},
  };
  for (const Ending& ending : endings) {
    SCOPED_TRACE(std::to_string(ending.status) + " " + ending.body);
    ClientBench bench;
    bench.Answer({Http(ending.status, ending.body)});
    KeepingSink sink;
    const auto done = bench.Execute(sink, std::chrono::hours(1));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ending.code);
    EXPECT_TRUE(done.error().origin.starts_with("snowflake:")) << done.error().origin;
    EXPECT_EQ(sink.begun, 0);
    const auto requests = bench.transport.requests();
    EXPECT_EQ(requests.size() > 1, ending.is_repeated) << requests.size();
    EXPECT_LE(requests.size(), 9U);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      EXPECT_EQ(Parameter(requests[i], "requestId"), Parameter(requests[0], "requestId"));
      EXPECT_EQ(Parameter(requests[i], "retry"), i > 0 ? "true" : "");
      EXPECT_EQ(requests[i].body, requests[0].body);
    }
  }
}

TEST(SnowflakeClient, RepeatsALostAnswerUnderItsId) {
  for (const auto& lost :
       std::vector<ScriptedTransport::Answer>{Lost(), Http(503), Http(200, R"({"data":[["0)")}) {
    ClientBench bench;
    bench.Answer({lost, lost, Http(202, StatusBody()), Http(200, ResultBody({1}))});
    KeepingSink sink;
    const auto done = bench.Execute(sink);
    ASSERT_TRUE(done) << Describe(done.error());
    EXPECT_THAT(sink.values, ElementsAre("0"));
    const auto requests = bench.transport.requests();
    ASSERT_EQ(requests.size(), 4U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(Parameter(requests[i], "requestId"), Parameter(requests[0], "requestId"));
      EXPECT_EQ(requests[i].body, requests[0].body);
      EXPECT_EQ(Parameter(requests[i], "retry"), i > 0 ? "true" : "");
    }
    const Costs usage = bench.costs.sum();
    EXPECT_EQ(usage.statements, 1U);
    EXPECT_EQ(usage.retries, 2U);
    EXPECT_EQ(usage.rows, 1U);
  }
}

TEST(SnowflakeClient, DoesNotRepeatWhatCannotHelp) {
  for (const ErrorCode code : {ErrorCode::kCancelled, ErrorCode::kPermissionDenied,
                               ErrorCode::kResourceExhausted, ErrorCode::kInvalidArgument}) {
    ClientBench bench;
    bench.Answer({Fail(code, "x", "net:http")});
    KeepingSink sink;
    EXPECT_EQ(CodeOf(bench.Execute(sink)), code);
    EXPECT_EQ(bench.transport.requests().size(), 1U);
  }
}

// A server that lives answers within 45 s, if only that the statement still runs.
TEST(SnowflakeClient, GivesUpAnAttemptBeforeTheStatement) {
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest& request,
                               std::size_t number) -> ScriptedTransport::Answer {
    if (number == 2) return Http(200, ResultBody({1}));
    EXPECT_EQ(request.deadline - bench.clock.SteadyNow(), seconds(60));
    bench.clock.Advance(seconds(60));
    return Fail(ErrorCode::kTimeout, "late", "net:http");
  };
  KeepingSink sink;
  ASSERT_TRUE(bench.Execute(sink, std::chrono::hours(1)));
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(Parameter(requests[2], "requestId"), Parameter(requests[0], "requestId"));
  EXPECT_EQ(Parameter(requests[2], "retry"), "true");
  EXPECT_EQ(requests[2].body, requests[0].body);
}

TEST(SnowflakeClient, EndsAtTheDeadlineWhenNothingAnswers) {
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest& request,
                               std::size_t) -> ScriptedTransport::Answer {
    bench.clock.Advance(
        std::chrono::duration_cast<milliseconds>(request.deadline - bench.clock.SteadyNow()));
    return Fail(ErrorCode::kTimeout, "late", "net:http");
  };
  KeepingSink sink;
  EXPECT_EQ(CodeOf(bench.Execute(sink, seconds(10))), ErrorCode::kTimeout);
  EXPECT_EQ(bench.transport.requests().size(), 1U);
}

TEST(SnowflakeClient, StopsWhileItBacksOff) {
  ClientBench bench;
  bench.Answer({Lost()});
  bench.pause.before_each = [&] { bench.stop.request_stop(); };
  KeepingSink sink;
  EXPECT_EQ(CodeOf(bench.Execute(sink)), ErrorCode::kCancelled);
  EXPECT_EQ(bench.transport.requests().size(), 2U) << "and looks for what may run";
  EXPECT_EQ(bench.transport.count("async=true"), 1U);
}

TEST(SnowflakeClient, RepeatsNothingPastTheDeadline) {
  ClientBench bench;
  bench.Answer({Http(503)});
  KeepingSink sink;
  const auto start = bench.clock.SteadyNow();
  EXPECT_EQ(CodeOf(bench.Execute(sink, milliseconds(900))), ErrorCode::kUnavailable);
  EXPECT_LT(bench.clock.SteadyNow() - start, milliseconds(900));
}

TEST(SnowflakeClient, RenewsARefusedTokenOnce) {
  ClientBench bench;
  bench.Answer({Http(401, FailureBody("390144")), Http(200, ResultBody({1}))});
  KeepingSink sink;
  ASSERT_TRUE(bench.Execute(sink));
  EXPECT_EQ(bench.credentials.renewals, 1);
  EXPECT_EQ(bench.credentials.server_time, ParseInstant("2026-11-22T02:10:00Z"));
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(Header(requests[0], "Authorization"), "Bearer token-0");
  EXPECT_EQ(Header(requests[1], "Authorization"), "Bearer token-1");
  EXPECT_EQ(Parameter(requests[1], "requestId"), Parameter(requests[0], "requestId"));
  EXPECT_EQ(requests[1].body, requests[0].body);
  EXPECT_EQ(bench.costs.sum().retries, 0U);
  EXPECT_TRUE(bench.pause.times().empty());
}

TEST(SnowflakeClient, EndsWhenTheRenewedTokenIsRefusedToo) {
  ClientBench bench;
  bench.Answer({Http(401, FailureBody("390144"))});
  KeepingSink sink;
  const auto done = bench.Execute(sink);
  EXPECT_EQ(CodeOf(done), ErrorCode::kUnauthenticated);
  EXPECT_EQ(done.error().origin, "snowflake:390144");
  EXPECT_THAT(done.error().message, Not(HasSubstr("token-")));
  EXPECT_EQ(bench.transport.requests().size(), 2U);
}

TEST(SnowflakeClient, DoesNotSendATokenAgainThatCannotBeRenewed) {
  ClientBench bench;
  bench.credentials.can_renew = false;
  bench.Answer({Http(401)});
  KeepingSink sink;
  EXPECT_EQ(CodeOf(bench.Execute(sink)), ErrorCode::kUnauthenticated);
  EXPECT_EQ(bench.transport.requests().size(), 1U);
}

TEST(SnowflakeClient, TakesNoTimeFromADateThatIsNone) {
  for (const char* date :
       {"", "yesterday", "Sun, 22 Nov 2026 02:10:00 CET", "Sun, 22 Nvo 2026 02:10:00 GMT",
        "Sun, 31 Feb 2026 02:10:00 GMT", "Sun, 22 Nov 2026 25:10:00 GMT"}) {
    ClientBench bench;
    bench.credentials.server_time = PausedClock::kStart;
    net::ClientResponse refusal = Http(401);
    refusal.headers = {{"date", date}};
    bench.Answer({refusal, Http(200, ResultBody({1}))});
    KeepingSink sink;
    ASSERT_TRUE(bench.Execute(sink));
    EXPECT_EQ(bench.credentials.server_time, std::nullopt) << date;
  }
}

// A brown-out must not become more load: of 1,000 questions half are refused at first sight.
TEST(SnowflakeClient, KeepsItsRetryBudgetInABrownOut) {
  ClientBench bench;
  SeededRandom coin(2026);
  bench.transport.answer = [&](const net::ClientRequest&, std::size_t) {
    return coin.Next() % 2 == 0 ? Http(503) : Http(200, ResultBody({1}));
  };
  int succeeded = 0;
  for (int i = 0; i < 1000; ++i) {
    KeepingSink sink;
    const SqlStatement question{"SELECT " + std::to_string(i), {}};
    const StatementBounds bounds{bench.clock.SteadyNow() + std::chrono::hours(1), {}};
    succeeded += bench.client->Execute(question, sink, bounds) ? 1 : 0;
  }
  EXPECT_LE(bench.transport.requests().size(), 1100U);
  EXPECT_GE(bench.transport.requests().size(), 1050U) << "the budget is used";
  EXPECT_GE(succeeded, 500);
}

}  // namespace
}  // namespace revops::warehouse
