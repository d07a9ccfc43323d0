#include "core/api/live_budget.h"

#include <algorithm>

namespace revops::api {

using std::chrono::minutes;
using std::chrono::seconds;

LiveBudget::LiveBudget(std::uint64_t per_minute, const Clock& clock)
    : per_minute_(per_minute),
      interval_(per_minute == 0 ? Clock::SteadyTime::duration::zero()
                                : Clock::SteadyTime::duration(minutes(1)) /
                                      static_cast<std::int64_t>(per_minute)),
      clock_(clock),
      paid_until_(clock.SteadyNow()) {}

bool LiveBudget::Take() {
  if (per_minute_ == 0) return true;
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.SteadyNow();
  const auto paid_until = std::max(paid_until_, now) + interval_;
  if (paid_until > now + minutes(1)) return false;
  paid_until_ = paid_until;
  return true;
}

seconds LiveBudget::free_in() const {
  const std::scoped_lock lock(mutex_);
  const auto wait = paid_until_ + interval_ - minutes(1) - clock_.SteadyNow();
  return std::max(seconds(1), std::chrono::ceil<seconds>(wait));
}

}  // namespace revops::api
