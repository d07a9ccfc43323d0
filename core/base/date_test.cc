#include "core/base/date.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops {
namespace {

TEST(Date, CountsDaysFromTheEpoch) {
  EXPECT_EQ(Date::Parse("1970-01-01")->days(), 0);
  EXPECT_EQ(Date::Parse("2026-11-22")->days(), 20779);
  EXPECT_EQ(Date::Parse("0001-01-01")->days(), -719162);
  EXPECT_EQ(Date::Parse("9999-12-31")->days(), 2932896);
}

TEST(Date, ReadsBackWhatItPrints) {
  EXPECT_TRUE(rc::check([] {
    const Date date = Date::FromDays(*rc::gen::inRange(-719162, 2932897));
    RC_ASSERT(date.is_representable());
    RC_ASSERT(Date::Parse(date.ToString()) == date);
    RC_ASSERT(Date::FromCivil(date.year(), date.month(), date.day()) == date);
  }));
}

TEST(Date, RefusesDaysThatDoNotExist) {
  for (const char* text :
       {"2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
        "2026-1-01", "12000-01-01", "2026-01-01 ", "infinity", "-001-01-01", ""}) {
    EXPECT_FALSE(Date::Parse(text)) << text;
  }
  EXPECT_TRUE(Date::Parse("2000-02-29"));
}

TEST(Date, KnowsWhatASnapshotCanHold) {
  EXPECT_FALSE((*Date::Parse("0001-01-01") - 1).is_representable());
  EXPECT_FALSE((*Date::Parse("9999-12-31") + 1).is_representable());
}

TEST(MonthOf, IsHalfOpenAndHandlesDecember) {
  const DateRange december = MonthOf(*Date::Parse("2024-12-31"));
  EXPECT_EQ(december.start.ToString(), "2024-12-01");
  EXPECT_EQ(december.end.ToString(), "2025-01-01");
  EXPECT_TRUE(december.contains(*Date::Parse("2024-12-31")));
  EXPECT_FALSE(december.contains(*Date::Parse("2025-01-01")));
  EXPECT_EQ(MonthOf(*Date::Parse("2024-02-10")).end - MonthOf(*Date::Parse("2024-02-10")).start,
            29);
}

}  // namespace
}  // namespace revops
