#include "core/mapping/rates.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops::mapping {
namespace {

using testing::HasSubstr;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
std::optional<Date> Day(std::string_view text) { return Date::Parse(text); }

std::string Refusal(std::string_view text) {
  const auto table = RateTable::ParseCsv(text, "rates.csv", "USD");
  if (table) return "accepted";
  EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument);
  return table.error().message;
}

TEST(Rates, HoldFromTheirDayUntilTheNext) {
  const auto rates = RateTable::ParseCsv(
      "\xEF\xBB\xBF"
      "date,currency,rate\r\n2026-02-01,EUR,1.10\r\n2026-01-01,EUR,1\r\n\r\n"
      "2026-01-15,GBP,0.5\r\n",
      "rates.csv", "USD");
  ASSERT_TRUE(rates);
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", Day("2025-12-31")), std::nullopt);
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", Day("2026-01-01")), Cents(100));
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", Day("2026-01-31")), Cents(100));
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", Day("2026-02-01")), Cents(110));
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", Day("2099-01-01")), Cents(110));
  EXPECT_EQ(rates->Convert(Cents(100), "GBP", Day("2026-01-14")), std::nullopt);
  EXPECT_EQ(rates->Convert(Cents(100), "USD", Day("2026-02-01")), std::nullopt);
  EXPECT_EQ(rates->Convert(Cents(100), "EUR", std::nullopt), std::nullopt);
  EXPECT_TRUE(rates->knows("EUR"));
  EXPECT_TRUE(rates->knows("GBP"));
  for (const char* other : {"", "EU", "EURO", "FFF", "USD", "AAA", "ZZZ"}) {
    EXPECT_FALSE(rates->knows(other)) << other;
  }
}

TEST(Rates, RoundHalfAwayFromZero) {
  const auto rates =
      RateTable::ParseCsv("date,currency,rate\n2026-01-01,EUR,0.5\n", "rates.csv", "USD");
  ASSERT_TRUE(rates);
  const auto day = Day("2026-01-01");
  EXPECT_EQ(rates->Convert(Cents(1), "EUR", day), Cents(1));
  EXPECT_EQ(rates->Convert(Cents(-1), "EUR", day), Cents(-1));
  EXPECT_EQ(rates->Convert(Cents(3), "EUR", day), Cents(2));
  EXPECT_EQ(rates->Convert(Cents(0), "EUR", day), Cents(0));
}

TEST(Rates, TellTheLineThatDoesNotFit) {
  const std::string header = "date,currency,rate\n";
  EXPECT_THAT(Refusal(""), HasSubstr("line 1"));
  EXPECT_THAT(Refusal("day,currency,rate\n"), HasSubstr("date,currency,rate"));
  EXPECT_THAT(Refusal(header + "2026-01-01,EUR,1\n2026-02-30,EUR,1\n"), HasSubstr("line 3"));
  for (const char* rate : {"", "0", "-1", "1.12345678901", "1,5", "x", "1e3", "999999999", "."}) {
    EXPECT_THAT(Refusal(header + "2026-01-01,EUR," + rate + "\n"), HasSubstr("1.0837")) << rate;
  }
  EXPECT_THAT(Refusal(header + "2026-01-01,EUR,1\n2026-01-01,EUR,2\n"), HasSubstr("line 3"));
}

/// Long division, digit by digit.
Int128 SlowConvert(Int128 cents, std::int64_t rate) {
  std::vector<int> digits;
  for (Int128 rest = cents * rate; rest != 0; rest /= 10) {
    digits.push_back(static_cast<int>(rest % 10));
  }
  digits.resize(std::max<std::size_t>(digits.size(), 11), 0);
  Int128 whole = 0;
  for (std::size_t i = digits.size(); i > 10; --i) whole = whole * 10 + digits[i - 1];
  return digits[9] >= 5 ? whole + 1 : whole;
}

TEST(Rates, AreExact) {
  EXPECT_TRUE(rc::check("as by long division", [] {
    const auto cents = *rc::gen::inRange<std::int64_t>(-999'999'999'999, 1'000'000'000'000);
    const auto rate = *rc::gen::inRange<std::int64_t>(1, 10'000'000'000'000);
    const std::string fraction = std::to_string(10'000'000'000 + rate % 10'000'000'000).substr(1);
    const auto rates =
        RateTable::ParseCsv("date,currency,rate\n2026-01-01,EUR," +
                                std::to_string(rate / 10'000'000'000) + "." + fraction + "\n",
                            "rates.csv", "USD");
    RC_ASSERT(rates.has_value());
    const Int128 magnitude = SlowConvert(cents < 0 ? -cents : cents, rate);
    RC_ASSERT(rates->Convert(Cents(cents), "EUR", Day("2026-06-01")) ==
              Money::FromCents(cents < 0 ? -magnitude : magnitude));
  }));
}

}  // namespace
}  // namespace revops::mapping
