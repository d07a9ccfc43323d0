#include "core/api/csv.h"

#include <string>

#include <gtest/gtest.h>

namespace revops::api {
namespace {

std::string Field(std::string_view text, bool raw = false) {
  CsvWriter csv(raw);
  csv.Text(text);
  return std::move(csv).Finish();
}

TEST(CsvWriter, QuotesTextsAndDoublesQuotes) {
  EXPECT_EQ(Field("Acme, \"Inc\""), "\"Acme, \"\"Inc\"\"\"");
  EXPECT_EQ(Field("a\r\nb"), "\"a\r\nb\"");
  EXPECT_EQ(Field(""), "\"\"");
}

TEST(CsvWriter, KeepsNullApartFromTheEmptyText) {
  CsvWriter csv(false);
  csv.Text(std::nullopt);
  csv.Text("");
  csv.Amount(std::nullopt);
  csv.Day(std::nullopt);
  csv.Digits(std::nullopt);
  csv.EndRow();
  EXPECT_EQ(std::move(csv).Finish(), ",\"\",,,\r\n");
}

TEST(CsvWriter, NeverTouchesNumbersDatesAndAmounts) {
  CsvWriter csv(false);
  csv.Amount(Money::FromCents(-5));
  csv.Digits("-12");
  csv.Number(7);
  csv.Day(Date::Parse("2026-11-22"));
  csv.EndRow();
  EXPECT_EQ(std::move(csv).Finish(), "-0.05,-12,7,2026-11-22\r\n");
}

TEST(CsvWriter, DefusesWhatASpreadsheetTakesForAFormula) {
  for (const std::string text :
       {"=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%x", "\tx", "\rx", "\nx", " =1", "  \"=1",
        "\xEF\xBC\x9D"
        "1",
        "\xEF\xBC\x8B"
        "1",
        "\xEF\xBC\x8D"
        "1",
        "\xEF\xBC\xA0"
        "1"}) {
    EXPECT_TRUE(Field(text).starts_with("\"'")) << text;
    EXPECT_FALSE(Field(text, true).starts_with("\"'")) << text;
  }
  EXPECT_TRUE(is_formula_like(std::string_view("\0x", 2)));
  for (const std::string text : {"Acme", "a=b", "North-East", "50%", "", "   "}) {
    EXPECT_FALSE(is_formula_like(text)) << text;
  }
}

}  // namespace
}  // namespace revops::api
