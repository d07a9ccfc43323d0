#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "core/api/live_budget.h"
#include "core/api/live_sales.h"
#include "core/base/result.h"

namespace revops::api {

using LiveAnswer = Result<std::shared_ptr<const LiveRows>>;

struct LiveLimits {
  std::size_t statements_max = 4;           ///< at once; each has a thread
  std::size_t callers_max = 4096;           ///< who wait; more are refused
  std::uint64_t statements_per_minute = 0;  ///< 0: not limited
};

/// The origin of the error that says so: the budget of statements a minute is spent.
inline constexpr std::string_view kLiveBudgetOrigin = "live_budget";

/// Lets callers with the same question share one statement, but only one that begins after they
/// asked: an answer is never older than its question. Those who ask while a statement runs share
/// the next one. At most one statement a question runs at a time; it is stopped once all who share
/// it have left or passed their deadlines. No caller's thread waits. Thread-safe.
class LiveCoalescer {
 public:
  using Done = std::function<void(const LiveAnswer&)>;

  LiveCoalescer(LiveSales& sales, const Clock& clock, LiveLimits limits = {});
  /// Answers all callers, stops the statements that run and waits for their end.
  ~LiveCoalescer();

  /// Calls `done` exactly once, soon after the question's deadline at the latest; on a thread of
  /// its own, at once when refused, or on the thread that triggers the question's stop. `done` must
  /// neither block nor throw.
  /// Errors: the port's; kTimeout past the deadline, kResourceExhausted for too many callers,
  ///         or a spent budget (kLiveBudgetOrigin), kCancelled after a stop and at the end.
  void Read(const LiveQuestion& question, Done done);

  const LiveBudget& budget() const { return budget_; }
  /// How many callers wait for a statement that has not begun.
  std::size_t waiting() const;

 private:
  using Key = std::tuple<Date, Date, std::uint64_t>;
  /// Destroyed without the lock: it waits for a call that runs, which wants the lock.
  using OnStop = std::optional<std::stop_callback<std::function<void()>>>;

  enum class LaneState { kIdle, kReady, kRunning };

  struct Caller {
    Clock::SteadyTime deadline;                        ///< by the clock; for the statement
    std::chrono::steady_clock::time_point expires_at;  ///< the same, for waiting
    Done done;
    std::uint64_t id = 0;
    std::shared_ptr<OnStop> on_stop;
  };
  struct Lane {
    LaneState state = LaneState::kIdle;
    std::vector<Caller> running;              ///< who share the statement that runs
    std::vector<Caller> next;                 ///< who share the one that has not begun
    std::stop_source stop{std::nostopstate};  ///< of the statement that runs
  };
  using Callers = std::vector<Caller>;
  using Stops = std::vector<std::stop_source>;

  void MakeReady(const Key& key, Lane& lane);
  void StartThreads();
  void RunStatements();
  void RunStatement(const Key& key, std::unique_lock<std::mutex>& lock);
  void Leave(const Key& key, std::uint64_t id);
  void ExpireCallers();
  Callers TakeExpired();
  Stops TakeAbandoned();
  std::chrono::steady_clock::time_point NextExpiry() const;

  LiveSales& sales_;
  const Clock& clock_;
  const LiveLimits limits_;
  LiveBudget budget_;
  mutable std::mutex mutex_;
  std::condition_variable work_;      ///< ready_ or stopped_ has changed
  std::condition_variable expiries_;  ///< an earlier expiry, or stopped_
  bool stopped_ = false;
  std::size_t callers_ = 0;
  std::uint64_t last_id_ = 0;
  std::map<Key, Lane> lanes_;
  std::deque<Key> ready_;             ///< each lane of that state once
  std::vector<std::thread> threads_;  ///< none before the first question
};

}  // namespace revops::api
