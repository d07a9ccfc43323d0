#include "core/net/retry.h"

#include <algorithm>
#include <stop_token>

#include <gtest/gtest.h>

#include "core/net/pause.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;

TEST(BackoffTime, StaysBelowADoublingLimit) {
  SeededRandom random(7);
  const int limits[] = {500, 1000, 2000, 4000, 8000, 16'000, 16'000, 16'000};
  int retry = 1;
  for (const int limit : limits) {
    milliseconds least{limit};
    milliseconds most{0};
    for (int i = 0; i < 2000; ++i) {
      const milliseconds time = BackoffTime(retry, random);
      least = std::min(least, time);
      most = std::max(most, time);
    }
    EXPECT_GE(least, milliseconds(0)) << retry;
    EXPECT_LE(least, milliseconds(limit / 50)) << retry;
    EXPECT_LE(most, milliseconds(limit)) << retry;
    EXPECT_GE(most, milliseconds(limit - limit / 50)) << retry;
    ++retry;
  }
  EXPECT_LE(BackoffTime(1'000'000, random), milliseconds(16'000));
}

TEST(RetryBudget, StartsWithAFewAttempts) {
  RetryBudget budget;
  int spent = 0;
  while (budget.Spend()) ++spent;
  EXPECT_GE(spent, 3);
  EXPECT_LE(spent, 10);
  EXPECT_FALSE(budget.Spend());
}

TEST(RetryBudget, GivesOneAttemptForElevenRequests) {
  RetryBudget budget;
  while (budget.Spend()) continue;
  for (int i = 0; i < 10; ++i) {
    budget.Earn();
    EXPECT_FALSE(budget.Spend());
  }
  budget.Earn();
  EXPECT_TRUE(budget.Spend());
  EXPECT_FALSE(budget.Spend());
}

TEST(RetryBudget, IsNotSavedUpWithoutEnd) {
  RetryBudget fresh;
  int at_start = 0;
  while (fresh.Spend()) ++at_start;
  RetryBudget rich;
  for (int i = 0; i < 10'000; ++i) rich.Earn();
  int later = 0;
  while (rich.Spend()) ++later;
  EXPECT_EQ(later, at_start);
}

TEST(SystemPause, EndsAtOnceAfterAStop) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(SystemPause().For(std::chrono::hours(1), source.get_token()));
  EXPECT_TRUE(SystemPause().For(milliseconds(0), std::stop_token()));
}

}  // namespace
}  // namespace revops::net
