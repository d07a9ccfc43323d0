#include "core/scheduler/cron.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace revops::scheduler {
namespace {

TimeZone Zone(std::string_view name) { return TimeZone::Load(name).value(); }
Instant At(std::string_view text) { return ParseInstant(text).value(); }

CronSchedule Schedule(std::string_view expression, std::string_view zone = "UTC") {
  auto schedule = CronSchedule::Parse(expression, Zone(zone));
  EXPECT_TRUE(schedule) << expression << ": " << Describe(schedule.error());
  return *std::move(schedule);
}

/// The next `count` instants after `after`, without milliseconds.
std::vector<std::string> Next(const CronSchedule& schedule, std::string_view after,
                              std::size_t count) {
  std::vector<std::string> instants;
  for (Instant at = At(after); instants.size() < count;) {
    at = schedule.NextAfter(at);
    instants.push_back(ToString(at).substr(0, 16));
  }
  return instants;
}

using Instants = std::vector<std::string>;

TEST(CronSchedule, KeepsWhatItWasMadeOf) {
  const auto schedule = Schedule("0 2 * * *", "Europe/Berlin");
  EXPECT_EQ(schedule.expression(), "0 2 * * *");
  EXPECT_EQ(schedule.zone().name(), "Europe/Berlin");
}

TEST(CronSchedule, RunsNightly) {
  const auto schedule = Schedule("0 2 * * *");
  EXPECT_EQ(Next(schedule, "2026-11-22T01:59:59.999Z", 2),
            (Instants{"2026-11-22T02:00", "2026-11-23T02:00"}));
  EXPECT_EQ(Next(schedule, "2026-11-22T02:00:00Z", 1), Instants{"2026-11-23T02:00"});
  EXPECT_EQ(schedule.LastNotAfter(At("2026-11-22T02:00:00Z")), At("2026-11-22T02:00:00Z"));
  EXPECT_EQ(schedule.LastNotAfter(At("2026-11-22T01:59:59.999Z")), At("2026-11-21T02:00:00Z"));
}

struct MeaningCase {
  const char* expression;
  const char* after;
  Instants next;
};

class CronMeaning : public testing::TestWithParam<MeaningCase> {};

TEST_P(CronMeaning, IsAsInCron5) {
  const auto& [expression, after, next] = GetParam();
  EXPECT_EQ(Next(Schedule(expression), after, next.size()), next) << expression;
}

// 2026-11-22 is a Sunday.
INSTANTIATE_TEST_SUITE_P(
    Cron, CronMeaning,
    testing::Values(
        MeaningCase{"*/20 * * * *",
                    "2026-11-22T23:30:00Z",
                    {"2026-11-22T23:40", "2026-11-23T00:00", "2026-11-23T00:20"}},
        MeaningCase{
            "5-20/7 * * * *",
            "2026-11-22T00:00:00Z",
            {"2026-11-22T00:05", "2026-11-22T00:12", "2026-11-22T00:19", "2026-11-22T01:05"}},
        MeaningCase{
            "0 1,3-4,22 * * *",
            "2026-11-22T02:00:00Z",
            {"2026-11-22T03:00", "2026-11-22T04:00", "2026-11-22T22:00", "2026-11-23T01:00"}},
        MeaningCase{"00 02 * * 0", "2026-11-22T02:00:00Z", {"2026-11-29T02:00"}},
        MeaningCase{"0 2 * * 7", "2026-11-22T02:00:00Z", {"2026-11-29T02:00"}},
        MeaningCase{"0 2 * * Sun", "2026-11-22T02:00:00Z", {"2026-11-29T02:00"}},
        MeaningCase{"0 2 * * 5-7",
                    "2026-11-22T02:00:00Z",
                    {"2026-11-27T02:00", "2026-11-28T02:00", "2026-11-29T02:00"}},
        MeaningCase{"0 2 * * MON-fri/2",
                    "2026-11-22T02:00:00Z",
                    {"2026-11-23T02:00", "2026-11-25T02:00", "2026-11-27T02:00"}},
        MeaningCase{
            "0 2 1 jan,JUL *", "2026-11-22T02:00:00Z", {"2027-01-01T02:00", "2027-07-01T02:00"}},
        MeaningCase{" \t0  2\t* * * ", "2026-11-22T02:00:00Z", {"2026-11-23T02:00"}},
        MeaningCase{"0 0 31 * *",
                    "2026-11-22T00:00:00Z",
                    {"2026-12-31T00:00", "2027-01-31T00:00", "2027-03-31T00:00"}},
        MeaningCase{"0 0 29 2 *", "2026-11-22T00:00:00Z", {"2028-02-29T00:00", "2032-02-29T00:00"}},
        MeaningCase{"0 0 29 2 *", "2096-02-29T00:00:00Z", {"2104-02-29T00:00"}},
        MeaningCase{"0 0 13 * 5",  // either suffices
                    "2026-11-01T00:00:00Z",
                    {"2026-11-06T00:00", "2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00",
                     "2026-12-04T00:00", "2026-12-11T00:00", "2026-12-13T00:00"}},
        MeaningCase{"0 0 */2 * 1",  // '*' does not restrict: both must hold
                    "2026-11-01T00:00:00Z",
                    {"2026-11-09T00:00", "2026-11-23T00:00", "2026-12-07T00:00"}},
        MeaningCase{"0 0 29 2 */6",  // 29 February on a Sunday or Saturday
                    "2026-11-22T00:00:00Z",
                    {"2032-02-29T00:00", "2048-02-29T00:00"}},
        MeaningCase{"0 0 29 2 */7",  // on a Sunday: 40 years without one
                    "2088-02-29T00:00:00Z",
                    {"2128-02-29T00:00"}}));

struct InvalidCase {
  const char* expression;
  const char* named;
};

class InvalidCron : public testing::TestWithParam<InvalidCase> {};

TEST_P(InvalidCron, NamesTheFieldThatIsWrong) {
  const auto schedule = CronSchedule::Parse(GetParam().expression, TimeZone::Utc());
  ASSERT_FALSE(schedule) << GetParam().expression;
  EXPECT_EQ(schedule.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(schedule.error().message.find(GetParam().named), std::string::npos)
      << schedule.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Cron, InvalidCron,
    testing::Values(
        InvalidCase{"", "five fields"}, InvalidCase{"0 2 * *", "five fields"},
        InvalidCase{"0 2 * * * *", "five fields"}, InvalidCase{"@daily", "five fields"},
        InvalidCase{"0\n2\n*\n*\n*", "five fields"}, InvalidCase{"60 2 * * *", "the minute field"},
        InvalidCase{"-1 2 * * *", "the minute field"},
        InvalidCase{"001 2 * * *", "the minute field"},
        InvalidCase{"1e1 2 * * *", "the minute field"},
        InvalidCase{"+1 2 * * *", "the minute field"}, InvalidCase{"? 2 * * *", "the minute field"},
        InvalidCase{"*/0 2 * * *", "the minute field"},
        InvalidCase{"*/60 2 * * *", "the minute field"},
        InvalidCase{"*/ 2 * * *", "the minute field"},
        InvalidCase{"/5 2 * * *", "the minute field"},
        InvalidCase{"5/5 2 * * *", "the minute field"},
        InvalidCase{"1-2/3/4 2 * * *", "the minute field"},
        InvalidCase{"1-2-3 2 * * *", "the minute field"},
        InvalidCase{"*-5 2 * * *", "the minute field"},
        InvalidCase{"** 2 * * *", "the minute field"},
        InvalidCase{"1,,2 2 * * *", "the minute field"},
        InvalidCase{",1 2 * * *", "the minute field"},
        InvalidCase{"1, 2 * * *", "the minute field"},
        InvalidCase{"jan 2 * * *", "the minute field"},
        InvalidCase{"30-10 2 * * *", "the minute field '30-10' has a range"},
        InvalidCase{"0 24 * * *", "the hour field '24' must hold numbers of 0-23"},
        InvalidCase{"0 22-2 * * *", "the hour field"},
        InvalidCase{"0 2 0 * *", "the day of month field"},
        InvalidCase{"0 2 32 * *", "the day of month field"},
        InvalidCase{"0 2 L * *", "the day of month field"},
        InvalidCase{"0 2 * 0 *", "the month field"}, InvalidCase{"0 2 * 13 *", "the month field"},
        InvalidCase{"0 2 * janu *", "the month field"},
        InvalidCase{"0 2 * mon *", "the month field"},
        InvalidCase{"0 2 * * 8", "the day of week field"},
        InvalidCase{"0 2 * * sat-sun", "the day of week field"},
        InvalidCase{"0 2 * * mon#1", "the day of week field"},
        InvalidCase{"0 0 30 2 *", "the day of month field names dates that never occur"},
        InvalidCase{"0 0 31 feb,apr,6,9,NOV *", "the day of month field names dates that never"},
        InvalidCase{"0 0 30-31 2 */2", "the day of month field names dates that never occur"}));

TEST(CronSchedule, RefusesTimesThatTheZoneNeverHas) {
  // Second Sunday of March, 02:00 and 02:30: always in New York's gap.
  const auto schedule = CronSchedule::Parse("0,30 2 8-14 3 */7", Zone("America/New_York"));
  ASSERT_FALSE(schedule);
  EXPECT_EQ(schedule.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(schedule.error().message.find("the hour field"), std::string::npos);
  EXPECT_TRUE(CronSchedule::Parse("0,30 2 8-14 3 */7", Zone("Europe/Berlin")));
  EXPECT_TRUE(CronSchedule::Parse("30 2 8-14 3 */7", Zone("America/New_York")));
}

TEST(CronSchedule, RunsAtTheFirstInstantAfterAGap) {
  EXPECT_EQ(Next(Schedule("30 2 * * *", "Europe/Berlin"), "2026-03-27T12:00:00Z", 3),
            (Instants{"2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"}));
  EXPECT_EQ(Next(Schedule("15 2 * * *", "Australia/Lord_Howe"), "2026-10-02T12:00:00Z", 3),
            (Instants{"2026-10-02T15:45", "2026-10-03T15:30", "2026-10-04T15:15"}));
  EXPECT_EQ(Next(Schedule("0 0 * * *", "Asia/Beirut"), "2026-03-27T12:00:00Z", 3),
            (Instants{"2026-03-27T22:00", "2026-03-28T22:00", "2026-03-29T21:00"}));
  EXPECT_EQ(Next(Schedule("0 0 4 11 *", "America/Sao_Paulo"), "2018-01-01T00:00:00Z", 1),
            Instants{"2018-11-04T03:00"});
}

TEST(CronSchedule, RunsOnTheNextDateWhenTheGapReachesIntoIt) {
  EXPECT_EQ(Next(Schedule("30 23 * * *", "America/Nuuk"), "2026-03-28T01:31:00Z", 2),
            (Instants{"2026-03-29T01:00", "2026-03-30T00:30"}));
}

TEST(CronSchedule, RunsOnceWhenTheLocalHourRepeats) {
  EXPECT_EQ(Next(Schedule("30 2 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2),
            (Instants{"2026-10-25T00:30", "2026-10-26T01:30"}));
  EXPECT_EQ(Next(Schedule("45 1 * * *", "Australia/Lord_Howe"), "2026-04-04T00:00:00Z", 2),
            (Instants{"2026-04-04T14:45", "2026-04-05T15:15"}));
}

TEST(CronSchedule, HasNoRunOnADateThatTheZoneSkips) {
  EXPECT_EQ(Next(Schedule("0 2 * * *", "Pacific/Apia"), "2011-12-29T00:00:00Z", 2),
            (Instants{"2011-12-29T12:00", "2011-12-30T12:00"}));
  EXPECT_EQ(Next(Schedule("0 2 30 12 *", "Pacific/Apia"), "2011-01-01T00:00:00Z", 1),
            Instants{"2012-12-29T12:00"});
}

TEST(CronSchedule, SeveralTimesFollowTheClockOnTheWall) {
  const auto schedule = Schedule("*/30 1-3 * * *", "Europe/Berlin");
  EXPECT_EQ(Next(schedule, "2026-03-28T23:00:00Z", 5),
            (Instants{"2026-03-29T00:00", "2026-03-29T00:30", "2026-03-29T01:00",
                      "2026-03-29T01:30", "2026-03-29T23:00"}));
  EXPECT_EQ(
      Next(schedule, "2026-10-24T23:00:00Z", 7),
      (Instants{"2026-10-24T23:30", "2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00",
                "2026-10-25T01:30", "2026-10-25T02:00", "2026-10-25T02:30"}));
}

TEST(CronSchedule, FollowsARepeatBackOverMidnight) {
  // 00:01 on the 29th became 23:01 on the 28th: midnight came twice.
  const auto schedule = Schedule("0,30 0,23 * * *", "America/St_Johns");
  EXPECT_EQ(Next(schedule, "2006-10-29T01:00:00Z", 6),
            (Instants{"2006-10-29T01:30", "2006-10-29T02:00", "2006-10-29T02:30",
                      "2006-10-29T03:00", "2006-10-29T03:30", "2006-10-29T04:00"}));
}

TEST(CronSchedule, FindsNothingInTheEightYearsBefore) {
  const auto schedule = Schedule("0 0 29 2 *");
  EXPECT_EQ(schedule.LastNotAfter(At("2104-02-28T23:59:59Z")), At("2096-02-29T00:00:00Z"));
  EXPECT_EQ(schedule.LastNotAfter(At("2032-02-28T23:59:59Z")), At("2028-02-29T00:00:00Z"));
  EXPECT_EQ(Schedule("0 0 29 2 */7").LastNotAfter(At("2041-01-01T00:00:00Z")), std::nullopt);
}

TEST(CronSchedule, EndsWithTheCalendar) {
  const auto schedule = Schedule("0 2 * * *", "Europe/Berlin");
  EXPECT_EQ(schedule.NextAfter(Instant::max()), Instant::max());
  EXPECT_EQ(schedule.NextAfter(At("9999-12-31T23:59:59Z")), Instant::max());
  EXPECT_TRUE(schedule.LastNotAfter(Instant::max()));
  EXPECT_EQ(schedule.LastNotAfter(Instant::min()), std::nullopt);
  EXPECT_GT(schedule.NextAfter(Instant::min()), Instant::min());
}

}  // namespace
}  // namespace revops::scheduler
