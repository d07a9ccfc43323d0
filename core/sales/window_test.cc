#include "core/sales/window.h"

#include <gtest/gtest.h>

#include "core/sales/filter.h"

namespace revops::sales {
namespace {

const Date kBusinessDate = *Date::Parse("2026-11-22");

struct Boundary {
  int offset_days;  ///< from the business date
  bool last_30_days;
  bool last_30_complete_days;
  bool previous_30_complete_days;
};

class WindowBoundary : public testing::TestWithParam<Boundary> {};

TEST_P(WindowBoundary, IsHalfOpen) {
  const Boundary& boundary = GetParam();
  const Date date = kBusinessDate + boundary.offset_days;
  EXPECT_EQ(Last30Days(kBusinessDate).contains(date), boundary.last_30_days);
  EXPECT_EQ(Last30CompleteDays(kBusinessDate).contains(date), boundary.last_30_complete_days);
  EXPECT_EQ(Previous30CompleteDays(kBusinessDate).contains(date),
            boundary.previous_30_complete_days);
}

INSTANTIATE_TEST_SUITE_P(
    DaysAroundTheBusinessDate, WindowBoundary,
    testing::Values(Boundary{-61, false, false, false}, Boundary{-60, false, false, true},
                    Boundary{-31, false, false, true}, Boundary{-30, false, true, false},
                    Boundary{-29, true, true, false}, Boundary{-1, true, true, false},
                    Boundary{0, true, false, false}, Boundary{1, false, false, false}));

TEST(Window, HoldsThirtyDates) {
  for (const DateRange& range : {Last30Days(kBusinessDate), Last30CompleteDays(kBusinessDate),
                                 Previous30CompleteDays(kBusinessDate)}) {
    EXPECT_EQ(range.end - range.start, 30);
  }
  EXPECT_EQ(Last30Days(kBusinessDate).start.ToString(), "2026-10-24");
}

TEST(Filter, IsEverythingOnlyWithoutBoundsAndSelections) {
  Filter filter;
  EXPECT_TRUE(filter.is_everything());
  filter.selections.resize(4);
  EXPECT_TRUE(filter.is_everything());
  filter.selections[2].exclude = {std::nullopt};
  EXPECT_FALSE(filter.is_everything());
  EXPECT_FALSE((Filter{kBusinessDate, std::nullopt, {}}).is_everything());
  EXPECT_FALSE((Filter{std::nullopt, kBusinessDate, {}}).is_everything());
}

}  // namespace
}  // namespace revops::sales
