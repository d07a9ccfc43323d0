#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "core/base/clock.h"

namespace revops::api {

/// How many statements a minute the warehouse may be asked: as many at once as a minute holds, then
/// as they become free again, evenly. Thread-safe.
class LiveBudget {
 public:
  /// `per_minute` 0: not limited. `clock` outlives the budget.
  LiveBudget(std::uint64_t per_minute, const Clock& clock);

  /// Takes one statement; false: the budget is spent.
  bool Take();
  /// Until the next one is free, rounded up.
  std::chrono::seconds free_in() const;
  std::uint64_t per_minute() const { return per_minute_; }

 private:
  const std::uint64_t per_minute_;
  const Clock::SteadyTime::duration interval_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Clock::SteadyTime paid_until_;  ///< when everything that was taken has become free again
};

}  // namespace revops::api
