#include "apps/revops/rates_file.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::app {
namespace {

using testing::HasSubstr;

class RatesFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    settings_.import_rates = folder_ / "ecb.csv";
    settings_.definitions.currency = "USD";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& text) const { std::ofstream(settings_.import_rates) << text; }
  std::string Refusal() const {
    const auto rates = ReadRates(settings_);
    if (rates) return "accepted";
    EXPECT_EQ(rates.error().code, ErrorCode::kInvalidArgument);
    return rates.error().message;
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "revops-rates-test";
  Settings settings_ = ParseSettings("", "revops.toml", [](const std::string&) {
                         return std::optional<std::string>();
                       }).value();
};

TEST_F(RatesFileTest, IsReadAsItStandsNow) {
  for (const char* rate : {"1.0837", "1.0901"}) {
    const std::string text = std::string("date,currency,rate\n2026-11-22,EUR,") + rate + "\n";
    Write(text);
    const auto rates = ReadRates(settings_);
    ASSERT_TRUE(rates && *rates);
    EXPECT_EQ((*rates)->name, "ecb.csv");
    EXPECT_EQ((*rates)->target, "USD");
    EXPECT_EQ((*rates)->text, text);
  }
}

TEST_F(RatesFileTest, IsThereOnlyIfConfigured) {
  settings_.import_rates.clear();
  settings_.definitions.currency.reset();
  const auto rates = ReadRates(settings_);
  ASSERT_TRUE(rates);
  EXPECT_FALSE(*rates);
}

TEST_F(RatesFileTest, SaysWhatToMend) {
  EXPECT_THAT(Refusal(), HasSubstr("ecb.csv cannot be read: No such file"));
  Write("date;currency;rate\n");
  EXPECT_THAT(Refusal(), HasSubstr("date,currency,rate"));
  Write("date,currency,rate\n2026-11-22,EUR,1,0837\n");
  EXPECT_THAT(Refusal(), HasSubstr("line 2"));
  std::filesystem::resize_file(settings_.import_rates, (std::size_t{16} << 20U) + 1);
  EXPECT_THAT(Refusal(), HasSubstr("16 MiB"));
  settings_.definitions.currency.reset();
  EXPECT_THAT(Refusal(), HasSubstr("report.currency"));
  settings_.definitions.currency = "USD";
  settings_.import_rates = folder_;
  EXPECT_THAT(Refusal(), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace revops::app
