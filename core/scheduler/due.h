#pragma once

#include <chrono>
#include <optional>

#include "core/base/clock.h"
#include "core/scheduler/cron.h"

namespace revops::scheduler {

/// What the scheduler knows when it decides; all of it survives restarts but `failures`.
struct ScheduleState {
  /// From the pointer of the store, set by the publishing swap: the newest scheduled instant that
  /// was served. nullopt before the first run.
  std::optional<Instant> last_scheduled_for;
  /// Failed attempts at the newest missed instant in this process, and the end of the last one.
  int failures = 0;
  std::optional<Clock::SteadyTime> last_failed_at;
  /// On behalf of which instant they were; they do not count for another one. nullopt: they count
  /// for whichever is the newest.
  std::optional<Instant> failed_for;
};

/// Notes in `state` that an attempt on behalf of `run_for` failed and ended at `failed_at`.
void RecordFailure(ScheduleState& state, Instant run_for, Clock::SteadyTime failed_at);

/// What to do now.
struct Decision {
  /// Set: run now, on behalf of this scheduled instant (the newest missed one; older are dropped).
  std::optional<Instant> run_for;
  /// Otherwise: ask again at the latest after this time. Never more than a minute, so that jumps
  /// of the wall clock are noticed.
  std::chrono::milliseconds ask_again_in{0};
  /// Every retry (after 1, 5 and 15 minutes) failed: reported by /readyz and the page until the
  /// next scheduled instant.
  bool given_up = false;
};

/// Pure: the same inputs give the same decision. A store that was never published to is due at
/// once, on behalf of the newest scheduled instant.
/// An instant that is not after `last_scheduled_for` is never due, also while the wall clock
/// stands before that.
Decision Decide(const CronSchedule& schedule, const ScheduleState& state, Instant now,
                Clock::SteadyTime steady_now);

}  // namespace revops::scheduler
