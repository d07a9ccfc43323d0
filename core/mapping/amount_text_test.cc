#include "core/mapping/amount_text.h"

#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops::mapping {
namespace {

struct Case {
  std::string text;
  std::int64_t cents;
  std::string currency = {};
};

std::optional<AmountText> Read(std::string_view text, DecimalMark mark) {
  AmountFault fault = AmountFault::kNone;
  return ReadAmountText(text, mark, fault);
}

AmountFault FaultOf(std::string_view text, DecimalMark mark) {
  AmountFault fault = AmountFault::kNone;
  EXPECT_FALSE(ReadAmountText(text, mark, fault)) << text;
  return fault;
}

void ExpectRead(const std::vector<Case>& cases, DecimalMark mark) {
  for (const Case& one : cases) {
    const auto read = Read(one.text, mark);
    ASSERT_TRUE(read) << one.text;
    EXPECT_EQ(read->amount, Money::FromCents(one.cents)) << one.text;
    EXPECT_EQ(read->currency, one.currency) << one.text;
  }
}

TEST(AmountText, IsReadAsPeopleWriteItWithAPoint) {
  ExpectRead({{"1234.5", 123'450},
              {"1234", 123'400},
              {".5", 50},
              {"12.", 1'200},
              {"-0.05", -5},
              {" 12 ", 1'200},
              {"+12", 1'200},
              {"1,234", 123'400},
              {"1,234.50", 123'450},
              {"12,34,567.00", 123'456'700},
              {"1'234.50", 123'450},
              {"1’234.50", 123'450},
              {"1 234.50", 123'450},
              {"1\xC2\xA0"
               "234\xC2\xA0"
               "567",
               123'456'700},
              {"1\xE2\x80\xAF"
               "234.5",
               123'450},
              {"1\xE2\x80\x89"
               "234.5",
               123'450},
              {"(12.00)", -1'200},
              {"(1,234.50)", -123'450},
              {"-12", -1'200},
              {"12-", -1'200},
              {"−12", -1'200},
              {"1e3", 100'000},
              {"1.5E+06", 150'000'000},
              {"12345E-2", 12'345},
              {"1.2345E3", 123'450}},
             DecimalMark::kPoint);
}

TEST(AmountText, IsReadAsPeopleWriteItWithAComma) {
  ExpectRead({{"1234,5", 123'450},
              {"1.234", 123'400},
              {"1.234,50", 123'450},
              {"1 234,50", 123'450},
              {"1\xE2\x80\xAF"
               "234,50 €",
               123'450, "EUR"},
              {"1'234,50", 123'450},
              {"1.234.567", 123'456'700},
              {"(12,00)", -1'200}},
             DecimalMark::kComma);
}

TEST(AmountText, TellsTheCurrencyBesideIt) {
  ExpectRead({{"$1,234.50", 123'450, "$"},
              {"-$12", -1'200, "$"},
              {"$-12", -1'200, "$"},
              {"($12.00)", -1'200, "$"},
              {"$(12.00)", -1'200, "$"},
              {"US$ 12", 1'200, "USD"},
              {"€ 12", 1'200, "EUR"},
              {"12 €", 1'200, "EUR"},
              {"12€", 1'200, "EUR"},
              {"£12", 1'200, "GBP"},
              {"12 EUR", 1'200, "EUR"},
              {"USD 1,234", 123'400, "USD"},
              {"USD1,234", 123'400, "USD"},
              {"CHF 1'234.50", 123'450, "CHF"},
              {"12 kr", 1'200, "kr"},
              {"1 234 zł", 123'400, "PLN"},
              {"EUR 12 EUR", 1'200, "EUR"}},
             DecimalMark::kPoint);
}

TEST(AmountText, IsNoneWhereItsPartsDoNotFit) {
  for (const char* text :
       {"",       " ",         "abc",  "-",      "()",        "$",     "EUR", "1,23",
        "1,2345", "12,345,67", ",123", "1,,234", "1,234'567", "1.2.3", "--1", "-(1)",
        "-1-",    "1e",        "e3",   "1e99",   "1e+",       "0x10",  "NaN", "inf",
        "1 23",   "EUR 1 USD", "12%",  "1/2",    "1\xC2",     "١٢"}) {
    EXPECT_EQ(FaultOf(text, DecimalMark::kPoint), AmountFault::kNoAmount) << text;
  }
  for (const char* text : {"1,234.50", "1.23", "1.2345", "1234.5", "1,2,3"}) {
    EXPECT_EQ(FaultOf(text, DecimalMark::kComma), AmountFault::kNoAmount) << text;
  }
  EXPECT_FALSE(Read(std::string(100'000, '9'), DecimalMark::kPoint));
  // An eighth, and not a hundred and twenty-five.
  EXPECT_EQ(FaultOf("0,125", DecimalMark::kPoint), AmountFault::kNoAmount);
  EXPECT_EQ(FaultOf("0.125", DecimalMark::kComma), AmountFault::kNoAmount);
  EXPECT_EQ(FaultOf("0,125", DecimalMark::kComma), AmountFault::kTooPrecise);
}

TEST(AmountText, IsNotRounded) {
  for (const char* text : {"1.005", "1234.567", "0.333333333333333333", "1e-3", "0.001"}) {
    EXPECT_EQ(FaultOf(text, DecimalMark::kPoint), AmountFault::kTooPrecise) << text;
  }
  ExpectRead({{"1.5000", 150}, {"1.000", 100}, {"0.00000", 0}}, DecimalMark::kPoint);
}

TEST(AmountText, LosesWhatASpreadsheetAddsToADouble) {
  ExpectRead({{"0.30000000000000004", 30},
              {"1234.5000000000001", 123'450},
              {"1234.4999999999998", 123'450},
              {"999.99999999999989", 100'000},
              {"123456789.12000001", 12'345'678'912},
              {"1.2345000000000002E3", 123'450}},
             DecimalMark::kPoint);
}

TEST(AmountText, OfDollarsMayBeOfAnyDollar) {
  EXPECT_TRUE(is_currency("$", "USD"));
  EXPECT_TRUE(is_currency("$", "CAD"));
  EXPECT_FALSE(is_currency("$", "EUR"));
  EXPECT_TRUE(is_currency("kr", "SEK"));
  EXPECT_TRUE(is_currency("¥", "CNY"));
  EXPECT_FALSE(is_currency("EUR", "USD"));
}

/// One way of writing an amount.
struct Dialect {
  std::string group;
  std::string before;
  std::string after;
  DecimalMark mark = DecimalMark::kPoint;
  bool is_indian = false;
  int minus = 0;  ///< index into the ways of saying that it is negative
};

Dialect AnyDialect() {
  Dialect dialect;
  dialect.mark = *rc::gen::element(DecimalMark::kPoint, DecimalMark::kComma);
  const std::string other = dialect.mark == DecimalMark::kPoint ? "," : ".";
  dialect.group = *rc::gen::element(other, std::string(), std::string(" "), std::string("'"),
                                    std::string("’"), std::string("\xC2\xA0"),
                                    std::string("\xE2\x80\xAF"), std::string("\xE2\x80\x89"));
  const auto sides = *rc::gen::element(std::pair("", ""), std::pair("$", ""), std::pair("€ ", ""),
                                       std::pair("", " €"), std::pair("EUR ", ""),
                                       std::pair("", " USD"), std::pair("CHF\xC2\xA0", ""));
  dialect.before = sides.first;
  dialect.after = sides.second;
  dialect.is_indian = !dialect.group.empty() && *rc::gen::inRange(0, 4) == 0;
  dialect.minus = *rc::gen::inRange(0, 5);
  return dialect;
}

std::string Write(std::int64_t cents, const Dialect& dialect) {
  const std::int64_t magnitude = cents < 0 ? -cents : cents;
  std::string whole = std::to_string(magnitude / 100);
  std::size_t step = 3;
  for (std::size_t at = whole.size(); at > step;) {
    at -= step;
    whole.insert(at, dialect.group);
    if (dialect.is_indian) step = 2;
  }
  std::string fraction = std::to_string(100 + magnitude % 100).substr(1);
  const std::string number = whole + (dialect.mark == DecimalMark::kPoint ? "." : ",") + fraction;
  const std::string framed = dialect.before + number + dialect.after;
  if (cents >= 0) return framed;
  const std::vector<std::string> ways = {"-" + framed, "−" + framed, "(" + framed + ")",
                                         framed + "-",
                                         dialect.before + "-" + number + dialect.after};
  return ways[static_cast<std::size_t>(dialect.minus)];
}

TEST(AmountText, IsReadBackFromEveryDialectExactly) {
  EXPECT_TRUE(rc::check("an amount is read back", [] {
    const auto cents = *rc::gen::inRange<std::int64_t>(-999'999'999'999, 1'000'000'000'000);
    const Dialect dialect = AnyDialect();
    const std::string text = Write(cents, dialect);
    RC_LOG(text);
    const auto read = Read(text, dialect.mark);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->amount == Money::FromCents(cents));
    RC_ASSERT(read->currency.empty() == (dialect.before + dialect.after).empty());
  }));
}

TEST(AmountText, OfADoubleIsReadBackExactly) {
  EXPECT_TRUE(rc::check("what a spreadsheet writes is read back", [] {
    const auto cents = *rc::gen::inRange<std::int64_t>(-999'999'999'999, 1'000'000'000'000);
    std::ostringstream out;
    out << std::setprecision(17) << static_cast<double>(cents) / 100;
    const std::string text = out.str();
    RC_LOG(text);
    const auto read = Read(text, DecimalMark::kPoint);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->amount == Money::FromCents(cents));
  }));
}

}  // namespace
}  // namespace revops::mapping
