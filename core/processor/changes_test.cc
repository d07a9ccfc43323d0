#include "core/processor/changes.h"

#include <gtest/gtest.h>

namespace revops::processor {
namespace {

warehouse::DayDigest Day(const char* date, std::uint64_t rows, std::string digest) {
  return {date == nullptr ? std::nullopt : Date::Parse(date), rows, std::move(digest)};
}

warehouse::DayDigests Digests(std::vector<warehouse::DayDigest> days) {
  return {"sum-1", std::move(days)};
}

const warehouse::DayDigests kBefore =
    Digests({Day("2026-10-31", 1, "a"), Day("2026-11-01", 2, "b"), Day(nullptr, 3, "c")});

using Months = std::set<std::string>;

TEST(Compare, SeesNoChangeInEqualDigests) {
  const Changes changes = Compare(kBefore, kBefore);
  EXPECT_EQ(changes.days, 0u);
  EXPECT_TRUE(changes.months.empty());
}

TEST(Compare, SeesNewEditedAndVanishedDays) {
  const Changes changes = Compare(
      kBefore,
      Digests({Day("2026-11-01", 2, "B"), Day("2026-12-24", 1, "d"), Day(nullptr, 3, "c")}));
  EXPECT_EQ(changes.days, 3u);
  EXPECT_EQ(changes.months, (Months{"2026-10", "2026-11", "2026-12"}));
}

TEST(Compare, SeesTheUndatedGroupComeChangeAndGo) {
  const auto without = Digests({Day("2026-10-31", 1, "a"), Day("2026-11-01", 2, "b")});
  EXPECT_EQ(Compare(kBefore, without).months, Months{"undated"});
  EXPECT_EQ(Compare(without, kBefore).months, Months{"undated"});
  auto edited = kBefore;
  edited.days.back().rows = 4;
  EXPECT_EQ(Compare(kBefore, edited).months, Months{"undated"});
}

TEST(Compare, TakesEverythingForChangedWithoutComparableDigests) {
  auto other = kBefore;
  other.algorithm = "sum-2";
  for (const auto& before : {std::optional<warehouse::DayDigests>(), std::optional(other)}) {
    const Changes changes = Compare(before, kBefore);
    EXPECT_EQ(changes.days, 3u);
    EXPECT_EQ(changes.months, (Months{"2026-10", "2026-11", "undated"}));
  }
}

TEST(SelectMonths, JoinsNeighboursAcrossTheYear) {
  const auto days = SelectMonths({"2025-12", "2026-01", "2026-03", "undated"});
  ASSERT_EQ(days.ranges.size(), 2u);
  EXPECT_EQ(days.ranges[0].start.ToString(), "2025-12-01");
  EXPECT_EQ(days.ranges[0].end.ToString(), "2026-02-01");
  EXPECT_EQ(days.ranges[1].start.ToString(), "2026-03-01");
  EXPECT_EQ(days.ranges[1].end.ToString(), "2026-04-01");
  EXPECT_TRUE(days.undated);
  EXPECT_FALSE(SelectMonths({"0001-01"}).undated);
  EXPECT_TRUE(SelectMonths({}).ranges.empty());
}

TEST(RowsByMonth, AddsDaysUp) {
  EXPECT_EQ(RowsByMonth(Digests(
                {Day("2026-11-01", 2, "b"), Day("2026-11-30", 5, "b"), Day(nullptr, 3, "c")})),
            (std::map<std::string, std::uint64_t>{{"2026-11", 7}, {"undated", 3}}));
}

TEST(DayDigests, ReadBackWhatTheyWrote) {
  const std::string text = EncodeDayDigests(kBefore);
  EXPECT_EQ(text, "sum-1\n2026-10-31 1 a\n2026-11-01 2 b\nundated 3 c\n");
  const auto parsed = ParseDayDigests(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->algorithm, kBefore.algorithm);
  EXPECT_EQ(parsed->days, kBefore.days);
}

TEST(DayDigests, RefuseOtherText) {
  for (const char* text :
       {"", "sum-1", "sum-1\n2026-11-01 2 b", "sum-1\n2026-11-31 2 b\n", "sum-1\n2026-11-01 -2 b\n",
        "sum-1\n2026-11-01 0 b\n", "sum-1\n2026-11-01 99999999999999999999 b\n",
        "sum-1\n2026-11-01\n", "sum-1\n2026-11-01 2\n", "sum-1\n\n", "sum-1\n2026-11-01 02 b\n",
        "sum-1\n2026-11-02 1 b\n2026-11-01 1 b\n", "sum-1\n2026-11-01 1 b\n2026-11-01 1 b\n",
        "sum-1\nundated 1 b\n2026-11-01 1 b\n", "sum-1\nundated 1 b\nundated 1 b\n"}) {
    const auto parsed = ParseDayDigests(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace revops::processor
