#include "core/net/timer_wheel.h"

#include <chrono>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/net/transfer_deadline.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;

constexpr TimerWheel::Time kStart{std::chrono::hours(1)};

TimerWheel::Time At(int ms) { return kStart + milliseconds(ms); }

class TimerWheelTest : public ::testing::Test {
 protected:
  std::vector<TimerWheel::Timer*> Expired(int ms) {
    std::vector<TimerWheel::Timer*> expired;
    wheel_.Advance(At(ms), [&](TimerWheel::Timer& timer) { expired.push_back(&timer); });
    return expired;
  }

  TimerWheel wheel_{kStart, milliseconds(10)};
  TimerWheel::Timer a_;
  TimerWheel::Timer b_;
};

using Timers = std::vector<TimerWheel::Timer*>;

TEST_F(TimerWheelTest, ExpiresAfterTheDeadlineAndOnce) {
  wheel_.Set(a_, At(25));
  EXPECT_EQ(Expired(24), Timers{});
  EXPECT_EQ(Expired(30), Timers{&a_});
  EXPECT_FALSE(a_.is_set());
  EXPECT_TRUE(wheel_.empty());
  EXPECT_EQ(Expired(10'000), Timers{});
}

TEST_F(TimerWheelTest, FollowsADeadlineThatMovesLater) {
  wheel_.Set(a_, At(20));
  wheel_.Set(a_, At(200));
  EXPECT_EQ(Expired(190), Timers{});
  EXPECT_EQ(Expired(210), Timers{&a_});
}

TEST_F(TimerWheelTest, FollowsADeadlineThatMovesEarlier) {
  wheel_.Set(a_, At(2000));
  wheel_.Set(a_, At(20));
  EXPECT_EQ(Expired(30), Timers{&a_});
}

TEST_F(TimerWheelTest, KeepsDeadlinesBeyondItsHorizon) {
  wheel_.Set(a_, At(60'000));
  EXPECT_EQ(Expired(30'000), Timers{});
  EXPECT_EQ(Expired(59'990), Timers{});
  EXPECT_EQ(Expired(60'010), Timers{&a_});
}

TEST_F(TimerWheelTest, CatchesUpAfterALongPause) {
  wheel_.Set(a_, At(50));
  wheel_.Set(b_, At(900'000));
  EXPECT_EQ(Expired(800'000), Timers{&a_});
  EXPECT_EQ(Expired(900'010), Timers{&b_});
}

TEST_F(TimerWheelTest, ForgetsWhatIsCancelledOrDestroyed) {
  wheel_.Set(a_, At(20));
  TimerWheel::Cancel(a_);
  {
    TimerWheel::Timer gone;
    wheel_.Set(gone, At(20));
  }
  EXPECT_TRUE(wheel_.empty());
  EXPECT_EQ(Expired(100), Timers{});
}

TEST_F(TimerWheelTest, LetsExpiryDestroyAndSetOthers) {
  auto doomed = std::make_unique<TimerWheel::Timer>();
  wheel_.Set(a_, At(20));
  wheel_.Set(*doomed, At(20));
  int calls = 0;
  wheel_.Advance(At(30), [&](TimerWheel::Timer&) {
    ++calls;
    doomed.reset();
    wheel_.Set(b_, At(40));
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Expired(50), Timers{&b_});
}

TEST_F(TimerWheelTest, ToleratesTimeThatStandsStill) {
  wheel_.Set(a_, At(0));
  EXPECT_EQ(Expired(0), Timers{});
  EXPECT_EQ(Expired(10), Timers{&a_});
}

TEST(TimerWheel, ExpiresEachTimerWithinATickOfItsDeadline) {
  rc::check("each timer expires once, never early, within a tick of when it is asked", [] {
    TimerWheel wheel(kStart, milliseconds(10));
    const auto deadlines = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000));
    std::vector<TimerWheel::Timer> timers(deadlines.size());
    for (std::size_t i = 0; i < timers.size(); ++i) {
      wheel.Set(timers[i], At(20'000 - deadlines[i]));
      wheel.Set(timers[i], At(deadlines[i]));
    }
    std::vector<int> expired_at(timers.size(), -1);
    const int step = *rc::gen::inRange(1, 10);
    for (int now = 0; now <= 20'030; now += step) {
      wheel.Advance(At(now), [&](TimerWheel::Timer& timer) {
        const auto i = static_cast<std::size_t>(&timer - timers.data());
        RC_ASSERT(expired_at[i] == -1);
        expired_at[i] = now;
      });
    }
    for (std::size_t i = 0; i < timers.size(); ++i) {
      RC_ASSERT(expired_at[i] >= deadlines[i]);
      RC_ASSERT(expired_at[i] <= deadlines[i] + 10 + step);
    }
  });
}

class TransferDeadlineTest : public ::testing::Test {
 protected:
  TransferDeadlineTest() {
    limits_.transfer_grace = milliseconds(5000);
    limits_.transfer_bytes_per_second_min = 1000;
  }
  HttpLimits limits_;
  TransferDeadline transfer_;
};

TEST_F(TransferDeadlineTest, GrantsTheGraceFirst) {
  EXPECT_EQ(transfer_.Start(limits_, At(0)), At(5000));
}

TEST_F(TransferDeadlineTest, GrantsEachByteItsTime) {
  transfer_.Start(limits_, At(0));
  EXPECT_EQ(transfer_.Progress(limits_, At(1000), 500), At(5500));
  EXPECT_EQ(transfer_.Progress(limits_, At(5400), 1), At(5501));
}

TEST_F(TransferDeadlineTest, SavesNoMoreThanTwiceTheGrace) {
  transfer_.Start(limits_, At(0));
  EXPECT_EQ(transfer_.Progress(limits_, At(1000), 1'000'000), At(11'000));
}

TEST_F(TransferDeadlineTest, SurvivesARateOfNothing) {
  limits_.transfer_bytes_per_second_min = 0;
  transfer_.Start(limits_, At(0));
  EXPECT_EQ(transfer_.Progress(limits_, At(0), 1), At(6000));
}

}  // namespace
}  // namespace revops::net
