#include "apps/revops/dated_files.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops::app {
namespace {

std::string Read(const std::string& name) {
  const auto date = DateInName(name);
  return date ? date->ToString() : date.error().message;
}

TEST(DateInName, IsReadInEveryUsualForm) {
  for (const std::string name :
       {"2026-09-01.csv", "deals_2026_09_01.csv", "20260901-deals.xlsx", "Deals 01.09.2026.csv",
        "deals-1.9.2026.csv", "export-20260901T020000.csv", "export_20260901020000.csv",
        "2026-09-01 deals 2026-09-01.csv", "/exports/2025-01-01/deals-2026.09.01.parquet",
        "hubspot-crm-exports-all-deals-2026-09-01-1.csv", "2026 09 01.jsonl"}) {
    EXPECT_EQ(Read(name), "2026-09-01") << name;
  }
  EXPECT_EQ(Read("deals-30-09-2026.csv"), "2026-09-30");
  EXPECT_EQ(Read("deals-09-30-2026.csv"), "2026-09-30");
  EXPECT_EQ(Read("deals_05_05_2026.csv"), "2026-05-05") << "both readings are one day";
}

TEST(DateInName, IsRefusedWhereThereIsNoneOrMoreThanOne) {
  for (const std::string name :
       {"deals.csv", "report1700000000000.csv", "deals-2026-13-01.csv", "deals-2026-02-30.csv",
        "deals-12345678.csv", "deals-2026-09.csv", "2026/09/01/deals.csv", ""}) {
    EXPECT_EQ(Read(name), name +
                              ": there is no date such as 2026-09-01 in its name; give the day "
                              "with --as-of DATE, one file at a time");
  }
  EXPECT_EQ(Read("deals-2026-08-01-to-2026-09-01.csv"),
            "deals-2026-08-01-to-2026-09-01.csv: there are several dates in its name; give the day "
            "with --as-of DATE, one file at a time");
  EXPECT_EQ(Read("deals-09-01-2026.csv"),
            "deals-09-01-2026.csv: which is the month in its name cannot be told; give the day "
            "with --as-of DATE, one file at a time");
}

TEST(DateInName, ReadsBackWhatWasWritten) {
  EXPECT_TRUE(rc::check([] {
    const Date date = Date::FromDays(*rc::gen::inRange(3650, 40000));
    std::string text = date.ToString();
    const std::string separator = *rc::gen::element<std::string>("-", "_", ".", " ", "");
    text = text.substr(0, 4) + separator + text.substr(5, 2) + separator + text.substr(8);
    const std::string before = *rc::gen::element<std::string>("", "deals-", "all_", "v2 ", "Q3-");
    const std::string after = *rc::gen::element<std::string>("", ".csv", "-final.csv", "T0300.csv");
    const auto read = DateInName(before + text + after);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == date);
  }));
}

TEST(DatesOf, ArePerFileOrOneForAll) {
  const std::vector<std::string> files = {"b-2026-09-08.csv", "a-2026-09-01.csv"};
  const auto from_name = DatesOf(files, kFromName);
  ASSERT_TRUE(from_name);
  EXPECT_EQ((*from_name)[0], *Date::Parse("2026-09-08"));
  EXPECT_EQ((*from_name)[1], *Date::Parse("2026-09-01"));
  const auto one = DatesOf(files, "2026-08-31");
  ASSERT_TRUE(one);
  EXPECT_EQ(*one, std::vector<Date>(2, *Date::Parse("2026-08-31")));
}

TEST(DatesOf, RefusesTwoFilesOfOneDay) {
  const auto dates = DatesOf({"2026-09-01.csv", "2026-09-01 (1).csv"}, kFromName);
  ASSERT_FALSE(dates);
  EXPECT_EQ(dates.error().message,
            "2026-09-01.csv and 2026-09-01 (1).csv are both of 2026-09-01: leave one out, or take "
            "both as one table with --as-of 2026-09-01");
}

TEST(DatesOf, RefusesWhatIsNoDay) {
  for (const std::string text : {"yesterday", "2026-02-30", "", "2026-09-01T00:00:00Z"}) {
    const auto dates = DatesOf({"a.csv"}, text);
    ASSERT_FALSE(dates);
    EXPECT_EQ(dates.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(dates.error().message.find("'" + text + "' is neither"), std::string::npos);
  }
}

}  // namespace
}  // namespace revops::app
