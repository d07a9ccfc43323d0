#include "core/scheduler/due.h"

#include <algorithm>
#include <array>

namespace revops::scheduler {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// How long after the first, second and third failure the next attempt is made.
constexpr std::array kRetryDelays = {minutes(1), minutes(5), minutes(15)};
constexpr milliseconds kAskAgainMax = minutes(1);

Decision AskAgain(milliseconds in) {
  return {.run_for = {}, .ask_again_in = std::clamp(in, milliseconds(1), kAskAgainMax)};
}

Decision AskAtNext(const CronSchedule& schedule, Instant now) {
  const Instant next = schedule.NextAfter(now);
  return AskAgain(next > now + kAskAgainMax ? kAskAgainMax : next - now);
}

}  // namespace

void RecordFailure(ScheduleState& state, Instant run_for, Clock::SteadyTime failed_at) {
  state.failures = state.failed_for == run_for ? state.failures + 1 : 1;
  state.failed_for = run_for;
  state.last_failed_at = failed_at;
}

Decision Decide(const CronSchedule& schedule, const ScheduleState& state, Instant now,
                Clock::SteadyTime steady_now) {
  const auto newest = schedule.LastNotAfter(now);
  if (!newest || state.last_scheduled_for >= newest) return AskAtNext(schedule, now);
  const bool is_about_another = state.failed_for && *state.failed_for != *newest;
  if (is_about_another || !state.last_failed_at || state.failures <= 0) return {.run_for = newest};
  if (state.failures > static_cast<int>(kRetryDelays.size())) {
    Decision decision = AskAtNext(schedule, now);
    decision.given_up = true;
    return decision;
  }
  const auto retry_at =
      *state.last_failed_at + kRetryDelays[static_cast<std::size_t>(state.failures - 1)];
  if (steady_now >= retry_at) return {.run_for = newest};
  return AskAgain(std::chrono::ceil<milliseconds>(retry_at - steady_now));
}

}  // namespace revops::scheduler
