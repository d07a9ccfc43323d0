#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include <duckdb.h>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace revops::warehouse {

/// Interrupts DuckDB calls that were stopped or are past their deadline: one thread a database.
class Watchdog {
 public:
  static constexpr Clock::SteadyTime kNoDeadline = Clock::SteadyTime::max();

  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Watches one connection as long as it lives; ends before the connection does.
  class Watch {
   public:
    Watch(Watchdog& watchdog, duckdb_connection connection, Clock::SteadyTime deadline,
          std::stop_token stop);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// kCancelled after a stop, kTimeout past the deadline.
    std::optional<ErrorCode> fired() const;

   private:
    struct WakeUp {
      Watchdog* watchdog;
      void operator()() const { watchdog->Wake(); }
    };

    Watchdog& watchdog_;
    std::stop_token stop_;
    Clock::SteadyTime deadline_;
    std::list<Watch*>::iterator place_;
    duckdb_connection connection_;
    std::optional<std::stop_callback<WakeUp>> on_stop_;

    friend class Watchdog;
  };

 private:
  void Wake();
  void Run();
  /// Interrupts what is due; when to look again.
  Clock::SteadyTime InterruptDue();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
  bool ended_ = false;
  std::list<Watch*> watches_;
  std::thread thread_;
};

}  // namespace revops::warehouse
