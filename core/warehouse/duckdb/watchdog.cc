#include "core/warehouse/duckdb/watchdog.h"

#include <algorithm>
#include <utility>

namespace revops::warehouse {
namespace {

// DuckDB forgets an interrupt that comes before its query starts, so it is repeated.
constexpr std::chrono::milliseconds kRepeatAfter(5);

}  // namespace

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watchdog::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_one();
}

void Watchdog::Run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    woken_ = false;
    const Clock::SteadyTime next = InterruptDue();
    const auto due = [this] { return woken_ || ended_; };
    if (next == kNoDeadline) {
      wake_.wait(lock, due);
    } else {
      wake_.wait_until(lock, next, due);
    }
  }
}

Clock::SteadyTime Watchdog::InterruptDue() {
  Clock::SteadyTime next = kNoDeadline;
  const Clock::SteadyTime now = std::chrono::steady_clock::now();
  for (const Watch* watch : watches_) {
    const bool is_due = watch->stop_.stop_requested() || watch->deadline_ <= now;
    if (is_due) duckdb_interrupt(watch->connection_);
    next = std::min(next, is_due ? now + kRepeatAfter : watch->deadline_);
  }
  return next;
}

Watchdog::Watch::Watch(Watchdog& watchdog, duckdb_connection connection, Clock::SteadyTime deadline,
                       std::stop_token stop)
    : watchdog_(watchdog), stop_(std::move(stop)), deadline_(deadline), connection_(connection) {
  {
    const std::lock_guard lock(watchdog_.mutex_);
    place_ = watchdog_.watches_.insert(watchdog_.watches_.end(), this);
  }
  on_stop_.emplace(stop_, WakeUp{&watchdog_});
  if (deadline_ != kNoDeadline) watchdog_.Wake();
}

Watchdog::Watch::~Watch() {
  on_stop_.reset();
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.watches_.erase(place_);
}

std::optional<ErrorCode> Watchdog::Watch::fired() const {
  if (stop_.stop_requested()) return ErrorCode::kCancelled;
  if (deadline_ <= std::chrono::steady_clock::now()) return ErrorCode::kTimeout;
  return std::nullopt;
}

}  // namespace revops::warehouse
