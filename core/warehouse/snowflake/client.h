#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/net/retry.h"
#include "core/warehouse/costs.h"
#include "core/warehouse/snowflake/credentials.h"
#include "core/warehouse/snowflake/question_gate.h"
#include "core/warehouse/snowflake/result_set.h"
#include "core/warehouse/snowflake/statement.h"

namespace revops::warehouse {

/// Where statements run. Names as the server has them: upper case unless quoted.
struct SnowflakeTarget {
  net::HttpOrigin origin;
  std::string database;
  std::string schema;
  std::string warehouse;
  std::string role;  ///< empty: the user's default
};

/// Takes a result: its columns once, then its partitions in order. An error ends the statement.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual Result<void> Begin(const std::vector<ResultColumn>& columns) = 0;
  virtual Result<void> Take(const ResultCells& cells) = 0;
};

/// Bounds of one statement.
struct StatementBounds {
  Clock::SteadyTime deadline;
  std::stop_token stop;
};

/// The SQL API: runs one statement at a time to its end, its result in partitions. Thread-safe.
///
/// A statement has one request id for all its attempts, so that the server runs it once whatever
/// gets lost; it carries a timeout that ends before the deadline, and is cancelled when nobody
/// waits for it any more. The same statement runs once at a time: one of which no answer came is
/// sought by its id and cancelled before the next. A result counts when every partition came once
/// with the announced rows.
class SnowflakeClient {
 public:
  struct Parts {
    net::HttpTransport& transport;
    Credentials& credentials;
    const Clock& clock;
    Random& random;
    net::Pause& pause;
    CostRecorder* costs = nullptr;  ///< nullptr: nobody counts
  };

  /// The parts outlive the client.
  SnowflakeClient(SnowflakeTarget target, Parts parts);

  /// Errors: those of errors.h; kTimeout past the deadline, kCancelled after a stop, kUnavailable
  ///         when the service cannot be reached or its answer is incomplete; the sink's.
  Result<void> Execute(const SqlStatement& statement, ResultSink& sink,
                       const StatementBounds& bounds);

  const SnowflakeTarget& target() const { return target_; }

 private:
  /// An answer and the bytes it refers to.
  struct Reply {
    int status = 0;
    std::unique_ptr<std::string> body;
    ApiAnswer answer;
  };
  struct Call;
  struct Attempt;
  /// What has been tried so far.
  struct Course {
    int attempt = 0;
    bool renewed = false;  ///< the token
    bool may_run = false;  ///< an attempt arrived, or may have
  };

  static bool is_of_another(const Reply& reply, const std::string& handle);

  Result<Reply> Run(const SqlStatement& statement, QuestionGate::Turn& turn,
                    const StatementBounds& bounds);
  Result<void> SettleEarlier(QuestionGate::Turn& turn, const StatementBounds& bounds);
  Result<void> Settle(const Submission& submission, const StatementBounds& bounds);
  Result<Reply> Poll(Reply running, bool& is_settled, const StatementBounds& bounds);
  Result<void> Deliver(const Reply& first, ResultSink& sink, const StatementBounds& bounds);
  Result<Reply> FetchPartition(const std::string& handle, std::size_t partition,
                               const StatementBounds& bounds);
  bool Cancel(const std::string& handle);

  Attempt Judge(const Call& call, Result<net::ClientResponse> response);
  Result<Reply> Send(const Call& call, const StatementBounds& bounds);
  Result<Reply> Send(const Call& call, Course& course, const StatementBounds& bounds);
  Result<net::ClientResponse> SendOnce(const Call& call, Course& course,
                                       const StatementBounds& bounds);
  Result<void> WaitFor(std::chrono::milliseconds time, const StatementBounds& bounds);
  std::string NewRequestId();
  Submission Prepare(const SqlStatement& statement, const StatementBounds& bounds);
  std::string Body(const SqlStatement& statement, std::chrono::seconds timeout) const;
  void Count(const Costs& more);

  const SnowflakeTarget target_;
  const Parts parts_;
  net::RetryBudget budget_;
  QuestionGate gate_;
};

}  // namespace revops::warehouse
