#include "core/mapping/date_text.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops::mapping {
namespace {

constexpr DateOrder kYmd = DateOrder::kYearMonthDay;
constexpr DateOrder kDmy = DateOrder::kDayMonthYear;
constexpr DateOrder kMdy = DateOrder::kMonthDayYear;
constexpr std::array<DateOrder, 3> kOrders = {kYmd, kDmy, kMdy};

TEST(DateText, IsTheDayThatPeopleMean) {
  const auto day = Date::FromCivil(2026, 11, 22);
  for (const char* text : {"2026-11-22",
                           "2026/11/22",
                           "2026.11.22",
                           "20261122",
                           "2026-11-22T23:59:59Z",
                           "2026-11-22T23:59:59.123+02:00",
                           "2026-11-22 00:00:00",
                           "2026-11-22 23:59:59 UTC",
                           "22 Nov 2026",
                           "22 November 2026",
                           "22. November 2026",
                           "22-Nov-26",
                           "22-NOV-2026",
                           "Nov 22, 2026",
                           "November 22nd, 2026",
                           "Sun, 22 Nov 2026",
                           "Sunday, November 22, 2026",
                           "22 novembre 2026",
                           "22 de noviembre de 2026",
                           "22 nov. 2026",
                           "22 november 2026",
                           "22 de novembro de 2026",
                           "2026-Nov-22",
                           " 2026-11-22 ",
                           "46348",
                           "46348.75"}) {
    for (const DateOrder order : kOrders) EXPECT_EQ(ReadDateText(text, order), day) << text;
  }
  for (const char* text : {"22.11.2026", "22/11/2026", "22-11-26", "22.11.26", "22. 11. 2026",
                           "22/11/2026 15:04", "22.11.2026 15:04:05", "22 11 2026"}) {
    EXPECT_EQ(ReadDateText(text, kDmy), day) << text;
    EXPECT_EQ(ReadDateText(text, kMdy), std::nullopt) << text;
  }
  for (const char* text : {"11/22/2026", "11-22-26", "11/22/2026 3:04 PM", "11/22/2026, 3:04:05 PM",
                           "11/22/2026 03:04 am", "11.22.2026"}) {
    EXPECT_EQ(ReadDateText(text, kMdy), day) << text;
    EXPECT_EQ(ReadDateText(text, kDmy), std::nullopt) << text;
  }
}

TEST(DateText, HasMonthsInSevenLanguages) {
  const std::vector<std::pair<const char*, int>> months = {
      {"Jan", 1},      {"Jänner", 1},   {"janvier", 1},  {"ene", 1},      {"gennaio", 1},
      {"janeiro", 1},  {"févr", 2},     {"FÉVRIER", 2},  {"febbraio", 2}, {"März", 3},
      {"mrt", 3},      {"março", 3},    {"avril", 4},    {"abr", 4},      {"Mai", 5},
      {"mei", 5},      {"maggio", 5},   {"juin", 6},     {"giugno", 6},   {"juillet", 7},
      {"lug", 7},      {"août", 8},     {"augustus", 8}, {"set", 9},      {"Okt", 10},
      {"ottobre", 10}, {"out", 10},     {"nov", 11},     {"Dez", 12},     {"décembre", 12},
      {"dic", 12},     {"dezembro", 12}};
  for (const auto& [name, month] : months) {
    EXPECT_EQ(ReadDateText("3 " + std::string(name) + " 2026", kYmd),
              Date::FromCivil(2026, month, 3))
        << name;
  }
}

TEST(DateText, OfTwoDigitsOfAYearLiesBetween1970And2069) {
  EXPECT_EQ(ReadDateText("01.02.69", kDmy), Date::FromCivil(2069, 2, 1));
  EXPECT_EQ(ReadDateText("01.02.70", kDmy), Date::FromCivil(1970, 2, 1));
  EXPECT_EQ(ReadDateText("01.02.00", kDmy), Date::FromCivil(2000, 2, 1));
  EXPECT_EQ(ReadDateText("26-11-22", kYmd), Date::FromCivil(2026, 11, 22));
}

TEST(DateText, IsNoneWhereItIsNone) {
  for (const char* text : {"",
                           " ",
                           "today",
                           "2026-02-30",
                           "2025-02-29",
                           "0000-01-01",
                           "2026-11",
                           "11/2026",
                           "2026",
                           "22.11",
                           "1234.50",
                           "1.234,50",
                           "1,234,567",
                           "12.5",
                           "10.1.2.3",
                           "12:30:45",
                           "29999",
                           "60001",
                           "46348.",
                           "46348.5x",
                           "20261322",
                           "2026112",
                           "Nov 2026",
                           "22 Foo 2026",
                           "2026-11/22",
                           "2026-11-22x",
                           "2026-11-22 later",
                           "2026-11-22 25:00",
                           "2026-11-22 10:99",
                           "Q4 2026",
                           "032/01/2026",
                           "1.1.1",
                           "Nov",
                           "Nov Nov Nov",
                           "2026-11-22T"}) {
    for (const DateOrder order : kOrders)
      EXPECT_EQ(ReadDateText(text, order), std::nullopt) << text;
  }
  EXPECT_EQ(ReadDateText(std::string(100'000, '1'), kYmd), std::nullopt);
}

TEST(DateText, NeedsAnOrderOnlyWhereTwoAreDaysOfDifferentMonths) {
  for (const char* text : {"11/12/2026", "1.2.26", "11/12/2026 3:04 PM"}) {
    EXPECT_TRUE(is_order_needed(text)) << text;
  }
  for (const char* text : {"11/22/2026", "22.11.2026", "11/11/2026", "2026-11-12", "11 Dec 2026",
                           "20261112", "46348", "", "abc"}) {
    EXPECT_FALSE(is_order_needed(text)) << text;
  }
}

std::string Padded(int value) { return std::to_string(100 + value).substr(1); }

std::string Year(const Date& date, bool is_short) {
  return is_short ? std::to_string(date.year()).substr(2) : std::to_string(date.year());
}

std::string WriteNumbers(const Date& date, DateOrder order, const std::string& mark, bool is_short,
                         bool is_padded) {
  const std::string day = is_padded ? Padded(date.day()) : std::to_string(date.day());
  const std::string month = is_padded ? Padded(date.month()) : std::to_string(date.month());
  const std::string year = Year(date, is_short);
  switch (order) {
    case kYmd:
      return year + mark + month + mark + day;
    case kDmy:
      return day + mark + month + mark + year;
    case kMdy:
      return month + mark + day + mark + year;
  }
  return {};
}

std::string WriteNames(const Date& date, bool is_short) {
  constexpr std::array<const char*, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string month = kNames.at(static_cast<std::size_t>(date.month() - 1));
  const std::string day = std::to_string(date.day());
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return day + " " + month + " " + Year(date, is_short);
    case 1:
      return day + "-" + month + "-" + Year(date, is_short);
    case 2:
      return month + " " + day + ", " + Year(date, is_short);
    default:
      return "Mon, " + day + " " + month + " " + Year(date, false);
  }
}

TEST(DateText, IsReadBackFromEveryStyle) {
  EXPECT_TRUE(rc::check("a date is read back", [] {
    const int first = Date::FromCivil(1970, 1, 1)->days();
    const int last = Date::FromCivil(2070, 1, 1)->days();
    const Date date = Date::FromDays(*rc::gen::inRange(first, last));
    const DateOrder order = *rc::gen::elementOf(kOrders);
    const bool is_short = *rc::gen::arbitrary<bool>();
    std::string text;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        text = WriteNames(date, is_short);
        break;
      case 1:
        text = WriteNumbers(date, kYmd, "", false, true);
        break;
      case 2:
        text = date.ToString();
        break;
      default:
        text = WriteNumbers(date, order, *rc::gen::element<std::string>("-", "/", ".", " "),
                            is_short, *rc::gen::arbitrary<bool>());
    }
    text += *rc::gen::element<std::string>("", " 15:04", "T15:04:05Z", " 3:04 PM", ", 3:04:05 PM",
                                           " 15:04:05.123 +0200");
    if (text.size() > 8 && text[8] == 'T') text.resize(8);
    RC_LOG(text);
    const bool is_compact = text.find_first_not_of("0123456789") == 8;
    if (is_compact) text.resize(8);
    RC_ASSERT(ReadDateText(text, order) == date);
  }));
}

}  // namespace
}  // namespace revops::mapping
