#include "core/warehouse/snowflake/client.h"

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <utility>

#include "core/base/logging.h"
#include "core/net/server_time.h"
#include "core/warehouse/snowflake/errors.h"
#include "core/warehouse/snowflake/polling.h"

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kStatements = "/api/v2/statements";
constexpr std::size_t kBodyMax = 256UL * 1024 * 1024;
constexpr std::size_t kPartitionsAhead = 4;
/// The server ends a statement by itself so long before we stop listening.
constexpr seconds kServerMargin{2};
constexpr seconds kCancelTime{3};
/// A server that lives answers within 45 s, if only that the statement still runs.
constexpr seconds kAttemptMax{60};
constexpr seconds kPartitionMax{600};
constexpr int kTooManyRequests = 429;
constexpr std::string_view kTooLarge = "391908";
constexpr std::string_view kQueryTag = "revops";
/// Of an error after which nobody knows whether the server has seen the request.
constexpr std::string_view kExchange = "net:http";

Unexpected Incomplete(const std::string& what) {
  return Fail(ErrorCode::kUnavailable, "Snowflake: the result is incomplete: " + what,
              "snowflake:result");
}

/// Becomes part of an address.
bool is_handle(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

void AppendMember(std::string& json, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  json += ',';
  AppendJsonString(json, name);
  json += ':';
  AppendJsonString(json, value);
}

std::string BindingsOf(const SqlStatement& statement) {
  std::string json = "{";
  for (std::size_t i = 0; i < statement.bindings.size(); ++i) {
    if (i > 0) json += ',';
    AppendJsonString(json, std::to_string(i + 1));
    json += ":{\"type\":";
    AppendJsonString(json, statement.bindings[i].type);
    json += ",\"value\":";
    AppendJsonString(json, statement.bindings[i].value);
    json += '}';
  }
  return json + "}";
}

Result<void> CheckPartitions(const ApiAnswer& answer) {
  if (!answer.has_metadata || !answer.has_data) return Incomplete("it has no data");
  std::uint64_t rows = 0;
  bool adds_up = true;
  for (const std::uint64_t size : answer.partition_rows) {
    adds_up = adds_up && size <= answer.row_count - rows;
    rows += adds_up ? size : 0;
  }
  adds_up = adds_up && rows == answer.row_count;
  if (!adds_up) return Incomplete("its partitions do not add up to its rows");
  if (rows == 0 && answer.cells.row_count() > 0) return Incomplete("it has other rows");
  if (answer.partition_rows.size() > 1 && !is_handle(answer.handle)) return Incomplete("no handle");
  return {};
}

/// To a poll, too many requests are no answer but another way to say "still running".
bool is_running(int status) { return status == 202 || status == kTooManyRequests; }

/// Success, still running, its own timeout, an error of SQL: what the statement itself came to.
bool tells_of_statement(int status) {
  return status == 200 || is_running(status) || status == 408 || status == 422;
}

/// Whether a submission's answer leaves no statement behind. One that refuses it says nothing about
/// earlier attempts, whose answers got lost.
bool ends_statement(int status, bool may_run) {
  if (is_running(status)) return false;
  return tells_of_statement(status) || (!may_run && status < 500);
}

bool is_transport_error(const Error& error) {
  const bool was_cut_off =
      error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
  return was_cut_off && error.origin.starts_with("net:");
}

Error WithAdvice(Error error) {
  if (error.code == ErrorCode::kPermissionDenied && error.origin == "net:tls") {
    error.message +=
        ": does SNOWFLAKE_URL name the account, and does a proxy inspect TLS, whose certificate "
        "SNOWFLAKE_CA_FILE has to name?";
  }
  return error;
}

}  // namespace

struct SnowflakeClient::Call {
  std::string method;
  std::string path;             ///< with what follows '?' but the request id
  std::string request_id = {};  ///< empty: a new one for each attempt
  std::string body = {};
  seconds time_max = kAttemptMax;
  bool busy_is_running = false;  ///< "too many requests" says that the statement goes on
};

SnowflakeClient::SnowflakeClient(SnowflakeTarget target, Parts parts)
    : target_(std::move(target)), parts_(parts) {}

void SnowflakeClient::Count(const Costs& more) {
  if (parts_.costs != nullptr) parts_.costs->Count(more);
}

/// A random UUID.
std::string SnowflakeClient::NewRequestId() {
  std::string id = NewId(parts_.random);
  id[12] = '4';
  id[16] = "89ab"[static_cast<std::size_t>(id[16] % 4)];
  for (const std::size_t at : {20U, 16U, 12U, 8U}) id.insert(at, 1, '-');
  return id;
}

Submission SnowflakeClient::Prepare(const SqlStatement& statement, const StatementBounds& bounds) {
  const auto left = std::chrono::floor<seconds>(bounds.deadline - parts_.clock.SteadyNow());
  const auto timeout = std::max(left - kServerMargin, seconds(1));
  return {NewRequestId(), Body(statement, timeout), timeout};
}

std::string SnowflakeClient::Body(const SqlStatement& statement, seconds timeout) const {
  std::string json = "{\"statement\":";
  AppendJsonString(json, statement.sql);
  json += ",\"timeout\":" + std::to_string(timeout.count());
  AppendMember(json, "database", target_.database);
  AppendMember(json, "schema", target_.schema);
  AppendMember(json, "warehouse", target_.warehouse);
  AppendMember(json, "role", target_.role);
  if (!statement.bindings.empty()) json += ",\"bindings\":" + BindingsOf(statement);
  json += ",\"parameters\":{\"QUERY_TAG\":";
  AppendJsonString(json, kQueryTag);
  return json + "}}";
}

Result<void> SnowflakeClient::WaitFor(milliseconds time, const StatementBounds& bounds) {
  if (parts_.clock.SteadyNow() + time >= bounds.deadline) {
    return Fail(ErrorCode::kTimeout, "Snowflake did not answer in time", "snowflake:deadline");
  }
  if (!parts_.pause.For(time, bounds.stop)) return Fail(ErrorCode::kCancelled, "cancelled");
  return {};
}

/// One attempt; a refused token is renewed and the request repeated at once, the first time.
Result<net::ClientResponse> SnowflakeClient::SendOnce(const Call& call, Course& course,
                                                      const StatementBounds& bounds) {
  while (true) {
    REVOPS_TRY_ASSIGN(const AuthToken token, parts_.credentials.Token());
    net::ClientRequest request;
    request.method = call.method;
    request.origin = target_.origin;
    request.target = call.path;
    request.target += call.path.find('?') == std::string::npos ? '?' : '&';
    request.target += "requestId=" + (call.request_id.empty() ? NewRequestId() : call.request_id);
    if (course.attempt > 0 && !call.request_id.empty()) request.target += "&retry=true";
    request.headers = {{"Authorization", "Bearer " + std::string(token.token.reveal())},
                       {"X-Snowflake-Authorization-Token-Type", token.type},
                       {"Accept", "application/json"}};
    if (call.method == "POST") request.headers.emplace_back("Content-Type", "application/json");
    request.body = call.body;
    request.deadline = std::min(bounds.deadline, parts_.clock.SteadyNow() + call.time_max);
    request.stop = bounds.stop;
    request.body_bytes_max = kBodyMax;
    REVOPS_TRY_ASSIGN(net::ClientResponse response, parts_.transport.Send(request));
    if (response.status != 401 || course.renewed) return response;
    course.renewed = true;
    if (!parts_.credentials.Renew(token, net::ServerTime(response))) return response;
  }
}

/// What an attempt has come to.
struct SnowflakeClient::Attempt {
  std::optional<Reply> reply;
  Error error;  ///< without a reply
  bool may_repeat = false;
  bool has_arrived = true;  ///< or may have
};

SnowflakeClient::Attempt SnowflakeClient::Judge(const Call& call,
                                                Result<net::ClientResponse> response) {
  if (!response) {
    const Error& error = response.error();
    return {{}, WithAdvice(error), is_transport_error(error), error.origin == kExchange};
  }
  Reply reply;
  reply.status = response->status;
  reply.body = std::make_unique<std::string>(std::move(response->body));
  Count({.bytes = reply.body->size()});
  auto answer = ReadApiAnswer(*reply.body);
  if (!answer && reply.status < 300) return {{}, answer.error(), true};
  if (answer) reply.answer = *std::move(answer);
  if (reply.status == kTooManyRequests && call.busy_is_running)
    return {std::move(reply), {}, false};
  const bool is_gateway_timeout = reply.status == 408 && reply.answer.handle.empty();
  if (is_retried(reply.status) || is_gateway_timeout) {
    return {{}, ToError({reply.status, reply.answer.code, {}, {}}), true};
  }
  return {std::move(reply), {}, false};
}

/// Repeats what may be repeated, as long as deadline and budget allow. Answers are those with a
/// status that says something about the statement.
Result<SnowflakeClient::Reply> SnowflakeClient::Send(const Call& call, Course& course,
                                                     const StatementBounds& bounds) {
  budget_.Earn();
  for (;; ++course.attempt) {
    Attempt attempt = Judge(call, SendOnce(call, course, bounds));
    if (attempt.reply) return *std::move(attempt.reply);
    course.may_run = course.may_run || attempt.has_arrived;
    if (!attempt.may_repeat || !budget_.Spend()) return Fail(std::move(attempt.error));
    const auto waited = WaitFor(net::BackoffTime(course.attempt + 1, parts_.random), bounds);
    if (!waited && waited.error().code == ErrorCode::kTimeout) {
      return Fail(std::move(attempt.error));
    }
    REVOPS_TRY(waited);
    Count({.retries = 1});
  }
}

Result<SnowflakeClient::Reply> SnowflakeClient::Send(const Call& call,
                                                     const StatementBounds& bounds) {
  Course course;
  return Send(call, course, bounds);
}

/// From the submission to what the statement came to, or to what kept us from learning it.
Result<SnowflakeClient::Reply> SnowflakeClient::Run(const SqlStatement& statement,
                                                    QuestionGate::Turn& turn,
                                                    const StatementBounds& bounds) {
  REVOPS_TRY(SettleEarlier(turn, bounds));
  Submission submission = Prepare(statement, bounds);
  const Call call{.method = "POST",
                  .path = std::string(kStatements),
                  .request_id = submission.request_id,
                  .body = submission.body};
  Course course;
  auto reply = Send(call, course, bounds);
  bool is_settled = reply ? ends_statement(reply->status, course.may_run) : !course.may_run;
  if (!reply && !is_settled && bounds.stop.stop_requested()) {
    // Its handle was to come with the answer that the stop has cut off.
    const StatementBounds grace{parts_.clock.SteadyNow() + kCancelTime, std::stop_token()};
    is_settled = Settle(submission, grace).has_value();
  }
  if (reply && reply->status == 202) reply = Poll(*std::move(reply), is_settled, bounds);
  if (!is_settled) turn.Leave(std::move(submission), parts_.clock.SteadyNow());
  return reply;
}

/// An equal question may have a statement that goes on though its answer got lost. Its result would
/// be older than this question.
Result<void> SnowflakeClient::SettleEarlier(QuestionGate::Turn& turn,
                                            const StatementBounds& bounds) {
  auto earlier = turn.unsettled(parts_.clock.SteadyNow());
  if (!earlier) return {};
  const auto settled = Settle(*earlier, bounds);
  if (!settled) {
    turn.Leave(*std::move(earlier), parts_.clock.SteadyNow());
    return settled;
  }
  turn.Settle();
  // It took this question's first request.
  if (budget_.Spend()) return {};
  return Fail(ErrorCode::kUnavailable, "Snowflake: the service is in trouble", "snowflake:budget");
}

/// Learns by its id what became of a statement, and cancels it when it runs. One attempt.
Result<void> SnowflakeClient::Settle(const Submission& submission, const StatementBounds& bounds) {
  const Call call{.method = "POST",
                  .path = std::string(kStatements) + "?async=true",
                  .request_id = submission.request_id,
                  .body = submission.body};
  Course course{.attempt = 1};
  Count({.retries = 1});
  const Attempt attempt = Judge(call, SendOnce(call, course, bounds));
  if (!attempt.reply) return Fail(attempt.error);
  const Reply& reply = *attempt.reply;
  if (ends_statement(reply.status, true)) return {};
  if (reply.status != 202) return Fail(ToError({reply.status, reply.answer.code, {}, {}}));
  if (is_handle(reply.answer.handle) && Cancel(reply.answer.handle)) return {};
  return Fail(ErrorCode::kUnavailable, "Snowflake may still be running an equal statement",
              "snowflake:unsettled");
}

bool SnowflakeClient::is_of_another(const Reply& reply, const std::string& handle) {
  const std::string& found = reply.answer.handle;
  return reply.status == 202 ? found != handle : !found.empty() && found != handle;
}

/// Asks until the statement has ended. When that cannot be found out, nobody waits for it any more.
Result<SnowflakeClient::Reply> SnowflakeClient::Poll(Reply running, bool& is_settled,
                                                     const StatementBounds& bounds) {
  const std::string handle = running.answer.handle;
  if (!is_handle(handle)) return Incomplete("a running statement without a handle");
  const Call call{
      .method = "GET", .path = std::string(kStatements) + "/" + handle, .busy_is_running = true};
  for (int poll = 0; is_running(running.status); ++poll) {
    auto waited = WaitFor(PollTime(poll), bounds);
    auto next = waited ? Send(call, bounds) : Result<Reply>(Fail(waited.error()));
    if (next && is_of_another(*next, handle)) next = Incomplete("another statement's state");
    const bool is_lost = !next || !tells_of_statement(next->status);
    is_settled = is_lost ? Cancel(handle) : !is_running(next->status);
    if (!next) return next;
    running = *std::move(next);
  }
  return running;
}

/// False: it may go on all the same.
bool SnowflakeClient::Cancel(const std::string& handle) {
  const Call call{
      .method = "POST", .path = std::string(kStatements) + "/" + handle + "/cancel", .body = "{}"};
  Course course;
  const auto done =
      SendOnce(call, course, {parts_.clock.SteadyNow() + kCancelTime, std::stop_token()});
  if (!done) LogError("snowflake_statement_not_cancelled", done.error(), {{"handle", handle}});
  // 422: it has ended already.
  return done && (done->status == 200 || done->status == 422);
}

Result<SnowflakeClient::Reply> SnowflakeClient::FetchPartition(const std::string& handle,
                                                               std::size_t partition,
                                                               const StatementBounds& bounds) {
  const std::string number = std::to_string(partition);
  const Call call{.method = "GET",
                  .path = std::string(kStatements) + "/" + handle + "?partition=" + number,
                  .time_max = kPartitionMax};
  REVOPS_TRY_ASSIGN(Reply reply, Send(call, bounds));
  if (reply.status == 200 && reply.answer.has_data) return reply;
  const bool says_nothing = reply.status <= 202 && reply.answer.code != kTooLarge;
  if (says_nothing) return Incomplete("partition " + number + " has no data");
  return Fail(
      ToError({reply.status, reply.answer.code, reply.answer.sql_state, reply.answer.message}));
}

/// Hands the partitions over in order, while the next ones are on their way.
Result<void> SnowflakeClient::Deliver(const Reply& first, ResultSink& sink,
                                      const StatementBounds& bounds) {
  const ApiAnswer& answer = first.answer;
  const std::vector<std::uint64_t>& sizes = answer.partition_rows;
  REVOPS_TRY(CheckPartitions(answer));
  const auto take = [&](const ResultCells& cells, std::size_t index) -> Result<void> {
    const bool fits = cells.row_count() == sizes[index] &&
                      (sizes[index] == 0 || cells.column_count() == answer.columns.size());
    if (!fits) return Incomplete("partition " + std::to_string(index) + " has other rows");
    Count({.rows = cells.row_count()});
    REVOPS_TRY(sink.Take(cells));
    if (bounds.stop.stop_requested()) return Fail(ErrorCode::kCancelled, "cancelled");
    return {};
  };
  REVOPS_TRY(sink.Begin(answer.columns));
  if (!sizes.empty()) REVOPS_TRY(take(answer.cells, 0));

  std::stop_source abandoned;
  const std::stop_callback forward(bounds.stop, [&] { abandoned.request_stop(); });
  const StatementBounds ours{bounds.deadline, abandoned.get_token()};
  std::deque<std::future<Result<Reply>>> coming;
  std::size_t asked = 1;
  Result<void> done;
  for (std::size_t index = 1; done && index < sizes.size(); ++index) {
    for (; asked < sizes.size() && coming.size() < kPartitionsAhead; ++asked) {
      coming.push_back(std::async(std::launch::async, [this, &answer, &ours, asked] {
        return FetchPartition(answer.handle, asked, ours);
      }));
    }
    const Result<Reply> partition = coming.front().get();
    coming.pop_front();
    done = partition ? take(partition->answer.cells, index) : Fail(partition.error());
  }
  abandoned.request_stop();
  return done;
}

Result<void> SnowflakeClient::Execute(const SqlStatement& statement, ResultSink& sink,
                                      const StatementBounds& bounds) {
  const auto started = parts_.clock.SteadyNow();
  const std::string question = statement.sql + BindingsOf(statement);
  if (!gate_.Enter(question, bounds.deadline - started, bounds.stop)) {
    if (bounds.stop.stop_requested()) return Fail(ErrorCode::kCancelled, "cancelled");
    return Fail(ErrorCode::kTimeout, "the same statement took too long for somebody else",
                "snowflake:deadline");
  }
  QuestionGate::Turn turn(gate_, question);
  Count({.statements = 1});
  const auto reply = Run(statement, turn, bounds);
  Count({.execution = std::chrono::floor<milliseconds>(parts_.clock.SteadyNow() - started)});
  if (!reply) return Fail(reply.error());
  const ApiAnswer& answer = reply->answer;
  if (reply->status != 200 || answer.code == kTooLarge) {
    return Fail(ToError({reply->status, answer.code, answer.sql_state, answer.message}));
  }
  return Deliver(*reply, sink, bounds);
}

}  // namespace revops::warehouse
