#include "apps/revops/rates_file.h"

#include <filesystem>
#include <utility>

#include "apps/revops/imports/durable_file.h"

namespace revops::app {
namespace {

constexpr std::size_t kRatesBytesMax = std::size_t{16} << 20U;

Unexpected Refuse(const std::string& file, const std::string& why) {
  return Fail(ErrorCode::kInvalidArgument, "import.rates: " + file + " " + why);
}

}  // namespace

Result<std::optional<RatesFile>> ReadRates(const Settings& settings) {
  const std::string& file = settings.import_rates;
  if (file.empty()) return std::optional<RatesFile>();
  if (!settings.definitions.currency) {
    return Fail(ErrorCode::kInvalidArgument,
                "import.rates needs report.currency, the currency that amounts are turned into");
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return Refuse(file, "cannot be read: " + error.message());
  if (size > kRatesBytesMax) return Refuse(file, "is larger than 16 MiB");
  const auto text = ReadWholeFile(file);
  if (!text) return Refuse(file, "cannot be read");
  RatesFile rates{std::filesystem::path(file).filename().string(), *settings.definitions.currency,
                  text->value_or("")};
  const auto table = mapping::RateTable::ParseCsv(rates.text, rates.name, rates.target);
  if (!table) return Refuse(file, "is no table of rates: " + table.error().message);
  return std::optional(std::move(rates));
}

}  // namespace revops::app
