#include "core/base/clock.h"

#include <gtest/gtest.h>

namespace revops {
namespace {

TEST(Instant, PrintsMillisecondsAndReadsThemBack) {
  const auto instant = ParseInstant("2026-11-22T02:00:00.007Z");
  ASSERT_TRUE(instant);
  EXPECT_EQ(ToString(*instant), "2026-11-22T02:00:00.007Z");
  EXPECT_EQ(ToCompact(*instant), "20261122T020000Z");
}

TEST(Instant, KeepsThreeOfNineDecimals) {
  EXPECT_EQ(ToString(*ParseInstant("1969-12-31T23:59:59.987654321Z")), "1969-12-31T23:59:59.987Z");
  EXPECT_EQ(ToString(*ParseInstant("2024-02-29T00:00:00.5Z")), "2024-02-29T00:00:00.500Z");
}

class MalformedInstant : public testing::TestWithParam<const char*> {};

TEST_P(MalformedInstant, IsRefused) { EXPECT_FALSE(ParseInstant(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Clock, MalformedInstant,
                         testing::Values("", "2026-11-22", "2026-11-22T02:00:00",
                                         "2026-11-22T24:00:00Z", "2026-11-22T02:60:00Z",
                                         "2026-11-22T02:00:60Z", "2026-02-30T02:00:00Z",
                                         "2026-11-22T02:00:00.Z", "2026-11-22T02:00:00,5Z",
                                         "2026-11-22 02:00:00Z", "2026-11-22T02:00:00.0000000000Z",
                                         "2026-11-22T02:00:00+01:00"));

TEST(FakeClock, JumpsOnTheWallWithoutMovingSteadyTime) {
  FakeClock clock(*ParseInstant("2026-11-22T02:00:00Z"));
  const auto before = clock.SteadyNow();
  clock.JumpTo(*ParseInstant("2016-11-22T02:00:00Z"));
  EXPECT_EQ(clock.SteadyNow(), before);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.SteadyNow() - before, std::chrono::seconds(2));
  EXPECT_EQ(ToString(clock.Now()), "2016-11-22T02:00:02.000Z");
}

}  // namespace
}  // namespace revops
