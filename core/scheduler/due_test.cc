#include "core/scheduler/due.h"

#include <optional>
#include <set>

#include <gtest/gtest.h>

namespace revops::scheduler {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kTenYears(10 * 8766);

Instant At(std::string_view text) { return ParseInstant(text).value(); }

ScheduleState ServedUntil(std::optional<Instant> last) {
  ScheduleState state;
  state.last_scheduled_for = last;
  return state;
}

/// A process with a nightly schedule whose runs succeed or fail as told.
class Due : public testing::Test {
 protected:
  Decision Ask() const { return Decide(schedule_, state_, clock_.Now(), clock_.SteadyNow()); }
  void Succeed() {
    const auto decision = Ask();
    ASSERT_TRUE(decision.run_for);
    state_ = ServedUntil(decision.run_for);
  }
  void FailOnce() {
    const auto decision = Ask();
    ASSERT_TRUE(decision.run_for);
    RecordFailure(state_, *decision.run_for, clock_.SteadyNow());
  }
  /// What survives the end of the process.
  void Restart() { state_ = ServedUntil(state_.last_scheduled_for); }

  CronSchedule schedule_ = CronSchedule::Parse("0 2 * * *", TimeZone::Utc()).value();
  FakeClock clock_{At("2026-11-22T02:00:00Z")};
  ScheduleState state_ = ServedUntil(At("2026-11-21T02:00:00Z"));
};

TEST_F(Due, AStoreThatWasNeverPublishedToIsDueAtOnce) {
  clock_.JumpTo(At("2026-11-22T01:59:59Z"));
  state_ = {};
  EXPECT_EQ(Ask().run_for, At("2026-11-21T02:00:00Z"));
}

TEST_F(Due, RunsWhenTheInstantIsReached) {
  clock_.JumpTo(At("2026-11-22T01:59:59.999Z"));
  EXPECT_FALSE(Ask().run_for);
  EXPECT_EQ(Ask().ask_again_in, milliseconds(1));
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(Ask().run_for, At("2026-11-22T02:00:00Z"));
  EXPECT_FALSE(Ask().given_up);
}

TEST_F(Due, RunsEachInstantOnce) {
  Succeed();
  for (int second = 0; second < 24 * 3600; second += 59) {
    ASSERT_FALSE(Ask().run_for) << second;
    clock_.Advance(seconds(59));
  }
  EXPECT_EQ(Ask().run_for, At("2026-11-23T02:00:00Z"));
}

TEST_F(Due, AsksAgainWithinAMinuteAlways) {
  Succeed();
  EXPECT_EQ(Ask().ask_again_in, minutes(1));
  clock_.JumpTo(At("2026-11-23T01:59:30Z"));
  EXPECT_EQ(Ask().ask_again_in, seconds(30));
}

TEST_F(Due, MakesUpOnlyTheNewestMissedRun) {
  clock_.JumpTo(At("2026-12-24T01:00:00Z"));
  EXPECT_EQ(Ask().run_for, At("2026-12-23T02:00:00Z"));
  Succeed();
  EXPECT_FALSE(Ask().run_for);
}

TEST_F(Due, ARestartRepeatsNothingThatWasServed) {
  Succeed();
  Restart();
  EXPECT_FALSE(Ask().run_for);
}

TEST_F(Due, ARestartTriesAFailedRunAtOnce) {
  FailOnce();
  EXPECT_FALSE(Ask().run_for);
  Restart();
  EXPECT_EQ(Ask().run_for, At("2026-11-22T02:00:00Z"));
}

TEST_F(Due, AnInstantServedByAnotherProcessIsNotDue) {
  FailOnce();
  state_.last_scheduled_for = At("2026-11-22T02:00:00Z");
  clock_.Advance(minutes(30));
  EXPECT_FALSE(Ask().run_for);
  EXPECT_FALSE(Ask().given_up);
}

class DueAfterJump : public Due, public testing::WithParamInterface<hours> {};

TEST_P(DueAfterJump, RunsNoInstantTwice) {
  Succeed();
  const Instant before = clock_.Now();
  std::set<Instant> served = {*state_.last_scheduled_for};
  for (const Instant wall : {before + GetParam(), before, before + GetParam(), before}) {
    clock_.JumpTo(wall);
    for (int asked = 0; asked < 3; ++asked) {
      const auto decision = Ask();
      EXPECT_LE(decision.ask_again_in, minutes(1));
      if (!decision.run_for) continue;
      EXPECT_TRUE(served.insert(*decision.run_for).second) << ToString(*decision.run_for);
      Succeed();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Jumps, DueAfterJump,
                         testing::Values(hours(1), hours(-1), hours(24), hours(-24), kTenYears,
                                         -kTenYears));

TEST_F(Due, AJumpForwardsIsNoticedWithinAMinute) {
  Succeed();
  clock_.JumpTo(clock_.Now() + kTenYears);
  EXPECT_EQ(Ask().run_for, schedule_.LastNotAfter(clock_.Now()));
}

TEST_F(Due, TriesAgainAfterOneFiveAndFifteenMinutesAndGivesUp) {
  FailOnce();
  for (const minutes delay : {minutes(1), minutes(5), minutes(15)}) {
    EXPECT_FALSE(Ask().run_for);
    EXPECT_EQ(Ask().ask_again_in, minutes(1));
    EXPECT_FALSE(Ask().given_up);
    clock_.Advance(delay - milliseconds(1));
    EXPECT_FALSE(Ask().run_for);
    EXPECT_EQ(Ask().ask_again_in, milliseconds(1));
    clock_.Advance(milliseconds(1));
    EXPECT_EQ(Ask().run_for, At("2026-11-22T02:00:00Z"));
    FailOnce();
  }
  EXPECT_TRUE(Ask().given_up);
  EXPECT_FALSE(Ask().run_for);
  EXPECT_EQ(Ask().ask_again_in, minutes(1));
  clock_.Advance(hours(23));
  EXPECT_TRUE(Ask().given_up);
}

TEST_F(Due, StartsAfreshAtTheNextInstantAfterGivingUp) {
  for (const minutes delay : {minutes(1), minutes(5), minutes(15), minutes(0)}) {
    FailOnce();
    clock_.Advance(delay);
  }
  ASSERT_TRUE(Ask().given_up);
  clock_.JumpTo(At("2026-11-23T02:00:00Z"));
  EXPECT_FALSE(Ask().given_up);
  EXPECT_EQ(Ask().run_for, At("2026-11-23T02:00:00Z"));
  FailOnce();
  EXPECT_EQ(state_.failures, 1);
  EXPECT_FALSE(Ask().given_up);
  clock_.Advance(minutes(1));
  EXPECT_EQ(Ask().run_for, At("2026-11-23T02:00:00Z"));
}

TEST_F(Due, RetriesFollowSteadyTimeNotTheWallClock) {
  FailOnce();
  clock_.JumpTo(clock_.Now() + hours(1));
  EXPECT_FALSE(Ask().run_for);
  EXPECT_EQ(Ask().ask_again_in, minutes(1));
  clock_.Advance(minutes(1));
  EXPECT_EQ(Ask().run_for, At("2026-11-22T02:00:00Z"));
}

TEST_F(Due, AFailureThatNamesNoInstantCountsForTheNewest) {
  state_.failures = 1;
  state_.last_failed_at = clock_.SteadyNow();
  EXPECT_FALSE(Ask().run_for);
  clock_.Advance(minutes(1));
  EXPECT_EQ(Ask().run_for, At("2026-11-22T02:00:00Z"));
}

TEST_F(Due, WaitsWhenNothingWasScheduledForYears) {
  schedule_ = CronSchedule::Parse("0 0 29 2 */7", TimeZone::Utc()).value();
  clock_.JumpTo(At("2041-01-01T00:00:00Z"));
  state_ = {};
  EXPECT_FALSE(Ask().run_for);
  EXPECT_EQ(Ask().ask_again_in, minutes(1));
}

}  // namespace
}  // namespace revops::scheduler
