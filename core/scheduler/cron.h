#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/base/time_zone.h"

namespace revops::scheduler {

/// A five-field cron expression (minute hour day-of-month month day-of-week) in a time zone.
///
/// Fields: `*`, numbers, ranges `a-b`, steps `*/n` and `a-b/n`, lists with ','; months and weekdays
///         also by their English three-letter names; Sunday is 0 or 7. When both day fields are
///         restricted (hold no '*'), either one suffices, as in cron(5).
/// Zones:  an expression whose minute and hour are single values names fixed local times: one that
///         does not exist runs at the first instant after the gap; one that repeats runs once (the
///         first). A date that the zone skips as a whole has no run. Expressions with several
///         hours or minutes follow the clock on the wall: nothing in a gap, twice in a repeat.
class CronSchedule {
 public:
  /// Errors: kInvalidArgument naming the field that is wrong, also for dates and times that never
  ///         occur.
  static Result<CronSchedule> Parse(std::string_view expression, const TimeZone& zone);

  /// The first scheduled instant strictly after `after`; Instant::max() when there is none in 50
  /// years, and from the year 9990 on.
  Instant NextAfter(Instant after) const;
  /// The last scheduled instant that is not later than `at`; nullopt when none in 8 years (of
  /// 365.25 days) before.
  std::optional<Instant> LastNotAfter(Instant at) const;

  const std::string& expression() const { return expression_; }
  const TimeZone& zone() const { return zone_; }

 private:
  CronSchedule(std::string expression, TimeZone zone);

  bool is_fixed_time() const;
  bool MatchesMonth(Date date) const;
  bool MatchesDate(Date date) const;
  /// All scheduled instants of one local date, in no particular order.
  std::vector<Instant> InstantsOn(Date date) const;
  std::optional<Instant> FirstOn(Date date, Instant after) const;
  std::optional<Instant> LastOn(Date date, Instant at) const;
  Result<void> CheckOccurs() const;

  std::string expression_;
  TimeZone zone_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_of_month_;
  std::bitset<13> months_;
  std::bitset<7> days_of_week_;
  bool day_of_month_restricted_ = false;
  bool day_of_week_restricted_ = false;
};

}  // namespace revops::scheduler
