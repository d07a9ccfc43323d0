#include "core/warehouse/cost_receipt.h"

#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

const Date kToday = *Date::Parse("2026-11-22");

Costs Sample(std::uint64_t n) {
  return {n, n + 1, std::chrono::milliseconds(n + 2), n + 3, n + 4, n + 5, n + 6, n + 7};
}

TEST(CostReceipt, AddsUpByDayNewestFirst) {
  CostReceipt receipt;
  receipt.Add(kToday - 1, Sample(10));
  receipt.Add(kToday, Sample(1));
  receipt.Add(kToday, Sample(100));
  const auto days = receipt.Until(kToday);
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0], std::pair(kToday, Costs(101, 103, std::chrono::milliseconds(105), 107, 109,
                                             111, 113, 115)));
  EXPECT_EQ(days[1], std::pair(kToday - 1, Sample(10)));
}

TEST(CostReceipt, KeepsThirtyOneDays) {
  CostReceipt receipt;
  for (std::int32_t day = 40; day >= 0; --day) receipt.Add(kToday - day, Sample(1));
  const auto days = receipt.Until(kToday);
  ASSERT_EQ(days.size(), 31U);
  EXPECT_EQ(days.back().first, kToday - 30);
  EXPECT_EQ(receipt.Until(kToday + 20).size(), 11U) << "nothing was asked since";
  EXPECT_TRUE(receipt.Until(kToday + 31).empty());
  EXPECT_EQ(receipt.Until(kToday - 1).size(), 30U) << "a clock that was set back";
}

TEST(CostReceipt, IsReadAsItWasWritten) {
  CostReceipt receipt;
  EXPECT_EQ(receipt.Encode(), "revops costs 1\n");
  receipt.Add(kToday, Sample(1));
  receipt.Add(kToday - 1, Sample(20));
  const std::string text = receipt.Encode();
  EXPECT_EQ(text,
            "revops costs 1\n2026-11-21 20 21 22 23 24 25 26 27\n2026-11-22 1 2 3 4 5 6 7 8\n");
  const auto read = CostReceipt::Parse(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->Until(kToday), receipt.Until(kToday));
}

TEST(CostReceipt, RefusesWhateverItDidNotWrite) {
  const std::string first = "revops costs 1\n";
  const std::string day = "2026-11-22 1 2 3 4 5 6 7 8\n";
  for (const std::string& text : std::vector<std::string>{
           "", "revops costs 1", "revops costs 2\n" + day, first + "2026-11-22 1 2 3 4 5 6 7\n",
           first + "2026-11-22 1 2 3 4 5 6 7 8 9\n", first + "2026-11-22\n", first + "\n",
           first + "2026-11-32 1 2 3 4 5 6 7 8\n", first + "2026-11-22 1 2 -3 4 5 6 7 8\n",
           first + "2026-11-22 1 2 x 4 5 6 7 8\n", first + "2026-11-22  2 3 4 5 6 7 8\n",
           first + "2026-11-22 1 2 3 4 5 6 7 18446744073709551615\n", first + day + day,
           first + day + "2026-11-21 1 2 3 4 5 6 7 8\n", std::string(40, '\0')}) {
    EXPECT_FALSE(CostReceipt::Parse(text)) << text;
  }
  const std::string whole = first + day;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(CostReceipt::Parse(whole.substr(0, size)).has_value(), size == first.size()) << size;
  }
}

}  // namespace
}  // namespace revops::warehouse
