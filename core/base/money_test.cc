#include "core/base/money.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops {
namespace {

TEST(Money, PrintsTwoDecimals) {
  EXPECT_EQ(Money().ToString(), "0.00");
  EXPECT_EQ(Money::FromCents(-5).ToString(), "-0.05");
  EXPECT_EQ(Money::FromCents(38700000).ToString(), "387000.00");
}

TEST(Money, ReadsDecimalsExactly) {
  EXPECT_EQ(Money::Parse("0.1")->cents(), 10);
  EXPECT_EQ(Money::Parse("-.5")->cents(), -50);
  EXPECT_EQ(Money::Parse("7.")->cents(), 700);
  EXPECT_EQ(Money::Parse("9999999999.99")->cents(), 999999999999);
}

TEST(Money, RefusesWhatIsNotAnExactAmount) {
  for (const char* text : {"", ".", "-", "-.", "1.234", "1e3", "+1", "1,000.00", " 1", "NaN",
                           "0x10", "1.2.3", "--1"}) {
    EXPECT_FALSE(Money::Parse(text)) << text;
  }
}

TEST(Money, AMillionDimesAreAHundredThousand) {
  Money sum;
  for (int i = 0; i < 1'000'000; ++i) sum += *Money::Parse("0.1");
  EXPECT_EQ(sum.ToString(), "100000.00");
}

TEST(Money, AveragesRoundHalfAwayFromZero) {
  EXPECT_EQ(Money::Average(Money::FromCents(5), 2)->cents(), 3);
  EXPECT_EQ(Money::Average(Money::FromCents(-5), 2)->cents(), -3);
  EXPECT_EQ(Money::Average(Money::FromCents(4), 3)->cents(), 1);
  EXPECT_EQ(Money::Average(Money::FromCents(5), 3)->cents(), 2);
  EXPECT_EQ(Money::Average(Money::FromCents(32000000), 3)->ToString(), "106666.67");
  EXPECT_FALSE(Money::Average(Money::FromCents(5), 0));
}

TEST(Money, ReadsBackWhatItPrints) {
  EXPECT_TRUE(rc::check([](std::int64_t cents) {
    const Money money = Money::FromCents(cents);
    RC_ASSERT(Money::Parse(money.ToString()) == money);
  }));
}

TEST(Decimal, Holds38Digits) {
  const std::string largest(38, '9');
  EXPECT_EQ(ToDecimal(*ParseDecimal(largest)), largest);
  EXPECT_EQ(ToDecimal(*ParseDecimal("-" + largest)), "-" + largest);
  EXPECT_EQ(ToDecimal(*ParseDecimal("000")), "0");
}

TEST(Decimal, IsExactAroundTheWidthOfMachineWords) {
  for (const std::string& text :
       {std::string(18, '9'), std::string(19, '9'), std::string("1") + std::string(18, '0'),
        std::string("9223372036854775807"), std::string("9223372036854775808")}) {
    EXPECT_EQ(ToDecimal(*ParseDecimal(text)), text);
    EXPECT_EQ(ToDecimal(*ParseDecimal("-" + text)), "-" + text);
  }
}

TEST(Decimal, RefusesOverflowAndRubbish) {
  for (const std::string& text : {std::string(40, '9'), std::string(), std::string("-"),
                                  std::string("1.0"), std::string("+1"), std::string("1 ")}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
}

}  // namespace
}  // namespace revops
