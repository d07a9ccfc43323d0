#include "core/api/live_budget.h"

#include <gtest/gtest.h>

namespace revops::api {
namespace {

using std::chrono::seconds;

class LiveBudgetTest : public testing::Test {
 protected:
  static int TakeAll(LiveBudget& budget) {
    int taken = 0;
    while (taken < 1000 && budget.Take()) ++taken;
    return taken;
  }

  FakeClock clock_{Instant()};
};

TEST_F(LiveBudgetTest, HoldsAMinutesStatementsAndFreesThemEvenly) {
  LiveBudget budget(6, clock_);
  EXPECT_EQ(TakeAll(budget), 6);
  EXPECT_EQ(budget.free_in(), seconds(10));
  clock_.Advance(seconds(9));
  EXPECT_FALSE(budget.Take());
  EXPECT_EQ(budget.free_in(), seconds(1));
  clock_.Advance(seconds(1));
  EXPECT_EQ(TakeAll(budget), 1);
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(TakeAll(budget), 6);
}

TEST_F(LiveBudgetTest, HasNoLimitAtZero) {
  LiveBudget budget(0, clock_);
  EXPECT_EQ(TakeAll(budget), 1000);
}

}  // namespace
}  // namespace revops::api
