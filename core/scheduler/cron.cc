// Scheduled instants are found date by date, not minute by minute: months that do not match are
// skipped whole, and only a date that matches is turned into instants. A repeat can carry instants
// of one local date beyond the first instants of the next (St. John's set its clocks back from
// 00:01 to 23:01), therefore a search begins one date early and looks one date further.

#include "core/scheduler/cron.h"

#include <algorithm>
#include <utility>

#include "core/scheduler/cron_fields.h"

namespace revops::scheduler {
namespace {

/// All scheduled instants are after the first and not after the second of these.
constexpr Instant kEarliest{std::chrono::sys_days(std::chrono::year(10) / 1 / 1)};
constexpr Instant kLatest{std::chrono::sys_days(std::chrono::year(9990) / 1 / 1)};
/// After this year the zone files hold rules alone, which repeat for ever.
constexpr Instant kRulesAlone{std::chrono::sys_days(std::chrono::year(2040) / 1 / 1)};
/// Of the dates that a month and a weekday together allow, 29 February on a given weekday is the
/// rarest: 40 years apart around 2100.
constexpr std::int32_t kSearchDays = 50 * 366;
constexpr std::chrono::hours kEightYears(8 * 8766);

std::size_t WeekdayOf(Date date) {
  const std::chrono::weekday weekday{std::chrono::sys_days(std::chrono::days(date.days()))};
  return weekday.c_encoding();
}

Instant Earliest(Instant a, std::optional<Instant> b) { return b ? std::min(a, *b) : a; }

Instant Latest(Instant a, std::optional<Instant> b) { return b ? std::max(a, *b) : a; }

void AddInstants(const CivilLookup& lookup, bool is_fixed, std::vector<Instant>& instants) {
  const bool is_skipped = lookup.kind == CivilLookup::Kind::kSkipped;
  if (is_fixed || !is_skipped) instants.push_back(lookup.at);
  if (!is_fixed && !is_skipped) instants.push_back(lookup.again_at);
}

}  // namespace

CronSchedule::CronSchedule(std::string expression, TimeZone zone)
    : expression_(std::move(expression)), zone_(std::move(zone)) {}

Result<CronSchedule> CronSchedule::Parse(std::string_view expression, const TimeZone& zone) {
  REVOPS_TRY_ASSIGN(const CronFields fields, ParseCronFields(expression));
  CronSchedule schedule(std::string(expression), zone);
  schedule.minutes_ = fields.minutes;
  schedule.hours_ = fields.hours;
  schedule.days_of_month_ = fields.days_of_month;
  schedule.months_ = fields.months;
  schedule.days_of_week_ = fields.days_of_week;
  schedule.day_of_month_restricted_ = fields.day_of_month_restricted;
  schedule.day_of_week_restricted_ = fields.day_of_week_restricted;
  REVOPS_TRY(schedule.CheckOccurs());
  return schedule;
}

Instant CronSchedule::NextAfter(Instant after) const {
  if (after >= kLatest) return Instant::max();
  after = std::max(after, kEarliest);
  Date date = zone_.DateAt(after) - 1;
  const Date end = date + kSearchDays;
  while (date < end) {
    if (!MatchesMonth(date)) {
      date = MonthOf(date).end;
      continue;
    }
    const auto found = FirstOn(date, after);
    if (found) {
      const Instant next = Earliest(*found, FirstOn(date + 1, after));
      return next <= kLatest ? next : Instant::max();
    }
    date = date + 1;
  }
  return Instant::max();
}

std::optional<Instant> CronSchedule::LastNotAfter(Instant at) const {
  if (at <= kEarliest) return std::nullopt;
  at = std::min(at, kLatest);
  const Instant oldest = std::max(at - kEightYears, kEarliest + std::chrono::milliseconds(1));
  Date date = zone_.DateAt(at) + 1;
  const Date end = zone_.DateAt(oldest) - 1;
  while (date >= end) {
    if (!MatchesMonth(date)) {
      date = MonthOf(date).start - 1;
      continue;
    }
    if (const auto found = LastOn(date, at)) {
      const Instant last = Latest(*found, LastOn(date - 1, at));
      return last < oldest ? std::nullopt : std::optional(last);
    }
    date = date - 1;
  }
  return std::nullopt;
}

bool CronSchedule::is_fixed_time() const { return minutes_.count() == 1 && hours_.count() == 1; }

bool CronSchedule::MatchesMonth(Date date) const {
  return months_[static_cast<std::size_t>(date.month())];
}

bool CronSchedule::MatchesDate(Date date) const {
  if (!MatchesMonth(date)) return false;
  const bool is_day = days_of_month_[static_cast<std::size_t>(date.day())];
  const bool is_weekday = days_of_week_[WeekdayOf(date)];
  if (day_of_month_restricted_ && day_of_week_restricted_) return is_day || is_weekday;
  return is_day && is_weekday;
}

std::vector<Instant> CronSchedule::InstantsOn(Date date) const {
  std::vector<Instant> instants;
  if (!MatchesDate(date)) return instants;
  const bool is_skipped_date = zone_.DateAt(zone_.ToInstant({date, 0, 0, 0}).at) != date;
  if (is_skipped_date) return instants;
  const bool is_fixed = is_fixed_time();
  for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
    for (std::size_t minute = 0; hours_[hour] && minute < minutes_.size(); ++minute) {
      if (!minutes_[minute]) continue;
      const CivilTime time{date, static_cast<int>(hour), static_cast<int>(minute), 0};
      AddInstants(zone_.ToInstant(time), is_fixed, instants);
    }
  }
  return instants;
}

std::optional<Instant> CronSchedule::FirstOn(Date date, Instant after) const {
  std::optional<Instant> first;
  for (const Instant instant : InstantsOn(date)) {
    if (instant > after) first = Earliest(instant, first);
  }
  return first;
}

std::optional<Instant> CronSchedule::LastOn(Date date, Instant at) const {
  std::optional<Instant> last;
  for (const Instant instant : InstantsOn(date)) {
    if (instant <= at) last = Latest(instant, last);
  }
  return last;
}

Result<void> CronSchedule::CheckOccurs() const {
  if (NextAfter(kRulesAlone) != Instant::max()) return {};
  constexpr std::int32_t kOneOfEachLeapDay = 28 * 366;
  for (std::int32_t day = 0; day < kOneOfEachLeapDay; ++day) {
    if (MatchesDate(Date::FromDays(day))) {
      return Fail(ErrorCode::kInvalidArgument,
                  "cron expression: the hour field names times that never occur in " +
                      zone_.name() + " on these dates: the clocks go forward then");
    }
  }
  return Fail(ErrorCode::kInvalidArgument,
              "cron expression: the day of month field names dates that never occur");
}

}  // namespace revops::scheduler
