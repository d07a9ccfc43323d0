// Daylight saving in every zone of the machine: a fixed local time runs exactly once on each local
// date, at the first instant after the gap where the clocks skip it.

#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/scheduler/cron.h"

namespace revops::scheduler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kZoneList = "/usr/share/zoneinfo/tzdata.zi";

/// Names of the lines "Z name …"; all others are links to one of these.
std::set<std::string> ZoneNames() {
  std::set<std::string> names;
  std::ifstream file(kZoneList);
  for (std::string line; std::getline(file, line);) {
    const auto end = line.find(' ', 2);
    if (line.starts_with("Z ") && end != std::string::npos) names.insert(line.substr(2, end - 2));
  }
  return names;
}

std::int64_t WallMinute(const CivilTime& civil) {
  return std::int64_t{civil.date.days()} * 1440 + civil.hour * 60 + civil.minute;
}

/// The date on whose behalf `run` is, if it is right for that date; a failure is recorded if not.
std::optional<Date> ServedDate(const TimeZone& zone, Instant run, int minute_of_day) {
  const CivilTime now = zone.ToCivil(run);
  const std::int64_t wall = WallMinute(now);
  const std::int64_t wall_before = WallMinute(zone.ToCivil(run - minutes(1)));
  const std::int64_t day_before = WallMinute(zone.ToCivil(run - hours(24)));
  if (wall == std::int64_t{now.date.days()} * 1440 + minute_of_day) {
    for (minutes back(15); wall - day_before != 1440 && back <= hours(3); back += minutes(15)) {
      EXPECT_NE(WallMinute(zone.ToCivil(run - back)), wall) << "not the first of a repeat";
    }
    return now.date;
  }
  for (const Date date : {now.date, now.date - 1}) {
    const std::int64_t scheduled = std::int64_t{date.days()} * 1440 + minute_of_day;
    if (wall_before < scheduled && scheduled < wall) return date;
  }
  ADD_FAILURE() << "the wall clock shows another time and skipped none";
  return std::nullopt;
}

/// Whether any instant has that local date.
bool is_date_of(const TimeZone& zone, Date date) {
  const Instant midnight{std::chrono::days(date.days())};
  for (const int hour : {12, 0, 23, -13, 36}) {
    if (zone.DateAt(midnight + hours(hour)) == date) return true;
  }
  return false;
}

/// The days, to 24 hours, on which the zone's offset changes.
std::vector<Instant> ChangesBetween(const TimeZone& zone, Instant start, Instant end) {
  std::vector<Instant> changes;
  for (Instant at = start; at < end; at += hours(24)) {
    const auto elapsed = WallMinute(zone.ToCivil(at + hours(24))) - WallMinute(zone.ToCivil(at));
    if (elapsed != 1440) changes.push_back(at);
  }
  return changes;
}

void ExpectOnceADate(const TimeZone& zone, int minute_of_day, Instant start, Instant end) {
  const auto expression =
      std::to_string(minute_of_day % 60) + " " + std::to_string(minute_of_day / 60) + " * * *";
  SCOPED_TRACE(zone.name() + " " + expression);
  const auto schedule = CronSchedule::Parse(expression, zone);
  ASSERT_TRUE(schedule);
  std::set<Date> served;
  for (Instant run = schedule->NextAfter(start); run < end; run = schedule->NextAfter(run)) {
    const auto date = ServedDate(zone, run, minute_of_day);
    ASSERT_TRUE(date) << ToString(run);
    EXPECT_TRUE(served.insert(*date).second) << ToString(run) << " serves a date again";
  }
  const Date last = zone.DateAt(end) - 2;
  for (Date date = zone.DateAt(start) + 2; date <= last; date = date + 1) {
    EXPECT_EQ(served.contains(date), is_date_of(zone, date)) << date.ToString();
  }
}

TEST(CronEveryZone, RunsOnceOnEachLocalDateOfAYear) {
  const auto names = ZoneNames();
  if (names.empty()) GTEST_SKIP() << "no list of zones on this machine: " << kZoneList;
  const Instant start = ParseInstant("2026-01-01T00:00:00Z").value();
  const Instant end = start + hours(24 * 366);
  int zones = 0;
  for (const auto& name : names) {
    const auto zone = TimeZone::Load(name);
    if (!zone) continue;  // the list may name zones whose files a small machine leaves out
    ++zones;
    ExpectOnceADate(*zone, 2 * 60 + 30, start, end);
    for (const Instant change : ChangesBetween(*zone, start, end)) {
      for (const int minute_of_day : {0, 90, 23 * 60 + 30}) {
        ExpectOnceADate(*zone, minute_of_day, change - hours(72), change + hours(72));
      }
    }
  }
  EXPECT_GT(zones, 300);
}

TEST(CronEveryZone, RunsOnceOnEachDateThatSamoaHad) {
  const auto zone = TimeZone::Load("Pacific/Apia").value();
  const Instant start = ParseInstant("2011-12-01T00:00:00Z").value();
  for (const int minute_of_day : {0, 2 * 60, 23 * 60 + 59}) {
    ExpectOnceADate(zone, minute_of_day, start, start + hours(24 * 60));
  }
}

}  // namespace
}  // namespace revops::scheduler
