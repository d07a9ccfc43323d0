// The slow obvious model: walk the wall clock minute by minute and note when it shows a scheduled
// time. Shares nothing with the product but the time zone.

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/scheduler/cron.h"

namespace revops::scheduler {
namespace {

using std::chrono::minutes;

struct Field {
  std::string text;
  std::set<int> numbers;
};

struct Expression {
  Field minute;
  Field hour;
  Field day;
  Field month;
  Field weekday;

  std::string text() const {
    return minute.text + " " + hour.text + " " + day.text + " " + month.text + " " + weekday.text;
  }
};

/// A wall-clock minute as one number.
std::int64_t WallMinute(const CivilTime& civil) {
  return std::int64_t{civil.date.days()} * 1440 + civil.hour * 60 + civil.minute;
}

bool is_date(const Expression& expression, Date date) {
  const int weekday = ((date.days() + 4) % 7 + 7) % 7;
  const bool is_day = expression.day.numbers.contains(date.day());
  const bool is_weekday = expression.weekday.numbers.contains(weekday);
  const bool is_either = expression.day.text[0] != '*' && expression.weekday.text[0] != '*';
  return expression.month.numbers.contains(date.month()) &&
         (is_either ? is_day || is_weekday : is_day && is_weekday);
}

bool is_scheduled(const Expression& expression, std::int64_t wall) {
  const auto date = Date::FromDays(static_cast<std::int32_t>(wall / 1440));
  const int minute = static_cast<int>(wall % 1440);
  return is_date(expression, date) && expression.hour.numbers.contains(minute / 60) &&
         expression.minute.numbers.contains(minute % 60);
}

bool was_skipped(const Expression& expression, const CivilTime& before, const CivilTime& now) {
  for (auto wall = WallMinute(before) + 1; wall < WallMinute(now); ++wall) {
    const bool is_whole_date_skipped =
        wall / 1440 != before.date.days() && wall / 1440 != now.date.days();
    if (!is_whole_date_skipped && is_scheduled(expression, wall)) return true;
  }
  return false;
}

/// All scheduled instants in [start, end), ascending.
std::vector<Instant> Model(const Expression& expression, const TimeZone& zone, Instant start,
                           Instant end) {
  const bool is_fixed =
      expression.minute.numbers.size() == 1 && expression.hour.numbers.size() == 1;
  std::vector<Instant> instants;
  std::set<std::int64_t> seen;
  CivilTime before = zone.ToCivil(start - minutes(2 * 1440));
  for (Instant at = start - minutes(2 * 1440 - 1); at < end; at += minutes(1)) {
    const CivilTime now = zone.ToCivil(at);
    const bool is_new = seen.insert(WallMinute(now)).second;
    const bool is_hit = is_scheduled(expression, WallMinute(now)) && (is_new || !is_fixed);
    const bool is_made_up = is_fixed && was_skipped(expression, before, now);
    if ((is_hit || is_made_up) && at >= start) instants.push_back(at);
    before = now;
  }
  return instants;
}

rc::Gen<Field> Single(int min, int max) {
  return rc::gen::map(rc::gen::inRange(min, max + 1),
                      [](int n) { return Field{std::to_string(n), {n}}; });
}

rc::Gen<Field> Star(int min, int max) {
  return rc::gen::map(rc::gen::inRange(1, max + 1), [min, max](int step) {
    Field field{step == 1 ? "*" : "*/" + std::to_string(step), {}};
    for (int n = min; n <= max; n += step) field.numbers.insert(n);
    return field;
  });
}

rc::Gen<Field> List(int min, int max) {
  return rc::gen::map(
      rc::gen::nonEmpty(rc::gen::container<std::set<int>>(rc::gen::inRange(min, max + 1))),
      [](const std::set<int>& numbers) {
        Field field{"", numbers};
        for (const int n : numbers) {
          field.text += (field.text.empty() ? "" : ",") + std::to_string(n);
        }
        return field;
      });
}

rc::Gen<Field> Every(int min, int max) {
  std::set<int> numbers;
  for (int n = min; n <= max; ++n) numbers.insert(n);
  return rc::gen::just(Field{"*", numbers});
}

Expression AnyExpression() {
  using rc::gen::oneOf;
  using rc::gen::weightedOneOf;
  Expression expression;
  expression.minute =
      *weightedOneOf<Field>({{3, Single(0, 59)}, {1, List(0, 59)}, {1, Star(0, 59)}});
  expression.hour =
      *weightedOneOf<Field>({{3, rc::gen::map(rc::gen::element(0, 1, 2, 3, 23),
                                              [](int n) { return Field{std::to_string(n), {n}}; })},
                             {1, List(0, 23)},
                             {1, Star(0, 23)}});
  expression.day = *weightedOneOf<Field>({{4, Every(1, 31)}, {1, List(1, 31)}, {1, Star(1, 31)}});
  expression.month = *weightedOneOf<Field>({{6, Every(1, 12)}, {1, List(1, 12)}});
  expression.weekday = *weightedOneOf<Field>({{4, Every(0, 6)}, {1, List(0, 6)}});
  return expression;
}

/// A zone and an instant near which its clocks change.
struct Change {
  const char* zone;
  const char* at;
};

constexpr std::array kChanges = {
    Change{"UTC", "2026-03-01T00:00:00Z"},
    Change{"Europe/Berlin", "2026-03-29T01:00:00Z"},
    Change{"Europe/Berlin", "2026-10-25T01:00:00Z"},
    Change{"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
    Change{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
    Change{"Asia/Gaza", "2012-03-29T22:00:00Z"},
    Change{"Asia/Beirut", "2026-03-28T22:00:00Z"},
    Change{"Africa/Cairo", "2026-04-23T22:00:00Z"},
    Change{"America/Havana", "2026-03-08T05:00:00Z"},
    Change{"America/Havana", "2026-11-01T05:00:00Z"},
    Change{"America/Santiago", "2026-04-05T03:00:00Z"},
    Change{"America/Santiago", "2026-09-06T04:00:00Z"},
    Change{"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
    Change{"America/Sao_Paulo", "2019-02-17T02:00:00Z"},
    Change{"America/St_Johns", "2006-04-02T03:31:00Z"},
    Change{"America/St_Johns", "2006-10-29T02:31:00Z"},
    Change{"America/St_Johns", "1988-04-03T03:31:00Z"},
    Change{"America/Nuuk", "2026-03-29T01:00:00Z"},
    Change{"America/Nuuk", "2026-10-25T01:00:00Z"},
    Change{"Antarctica/Troll", "2026-03-29T01:00:00Z"},
    Change{"Antarctica/Troll", "2026-10-25T01:00:00Z"},
    Change{"Africa/Casablanca", "2026-02-15T02:00:00Z"},
    Change{"Asia/Pyongyang", "2018-05-04T15:00:00Z"},
    Change{"America/Caracas", "2016-05-01T07:00:00Z"},
    Change{"Pacific/Apia", "2011-12-30T10:00:00Z"},
    Change{"Pacific/Kwajalein", "1993-08-21T12:00:00Z"},
    Change{"Pacific/Kiritimati", "1994-12-31T10:00:00Z"},
};

struct Window {
  TimeZone zone = TimeZone::Utc();
  Instant start;
  Instant end;
};

Window AnyWindow() {
  const auto index = *rc::gen::inRange<std::size_t>(0, kChanges.size());
  const Instant at = ParseInstant(kChanges[index].at).value();
  return {TimeZone::Load(kChanges[index].zone).value(),
          at - minutes(*rc::gen::inRange(0, 3 * 1440)),
          at + minutes(*rc::gen::inRange(1, 5 * 1440))};
}

std::vector<Instant> Forwards(const CronSchedule& schedule, const Window& window,
                              std::size_t count_max) {
  std::vector<Instant> instants;
  Instant at = schedule.NextAfter(window.start - minutes(1));
  for (; at < window.end && instants.size() <= count_max; at = schedule.NextAfter(at)) {
    instants.push_back(at);
  }
  return instants;
}

std::vector<Instant> Backwards(const CronSchedule& schedule, const Window& window,
                               std::size_t count_max) {
  const std::chrono::milliseconds just_before(1);
  std::vector<Instant> instants;
  auto at = schedule.LastNotAfter(window.end - just_before);
  for (; at && *at >= window.start && instants.size() <= count_max;
       at = schedule.LastNotAfter(*at - just_before)) {
    instants.push_back(*at);
  }
  std::reverse(instants.begin(), instants.end());
  return instants;
}

/// The last so many, for a schedule of every minute.
constexpr std::size_t kComparedMax = 40;

RC_GTEST_PROP(CronModel, AgreesWithAWalkOverTheWallClock, ()) {
  const Window window = AnyWindow();
  const Expression expression = AnyExpression();
  RC_LOG() << expression.text() << " in " << window.zone.name() << " from "
           << ToString(window.start) << " to " << ToString(window.end) << std::endl;
  auto expected = Model(expression, window.zone, window.start, window.end);
  const auto schedule = CronSchedule::Parse(expression.text(), window.zone);
  if (!schedule) {
    RC_ASSERT(expected.empty());
    return;
  }
  Window compared = window;
  if (expected.size() > kComparedMax) {
    const auto first = *rc::gen::inRange<std::size_t>(0, expected.size() - kComparedMax);
    compared.start = expected[first];
    compared.end = expected[first + kComparedMax];
    expected = {expected.begin() + static_cast<std::ptrdiff_t>(first),
                expected.begin() + static_cast<std::ptrdiff_t>(first + kComparedMax)};
  }
  RC_ASSERT(Forwards(*schedule, compared, expected.size()) == expected);
  RC_ASSERT(Backwards(*schedule, compared, expected.size()) == expected);
}

}  // namespace
}  // namespace revops::scheduler
