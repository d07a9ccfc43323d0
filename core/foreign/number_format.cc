#include "core/foreign/number_format.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/base/date.h"

namespace revops::foreign {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kDaysTo1900 = -25'569;  ///< 1899-12-30, in days since 1970-01-01
constexpr std::int64_t kDaysTo1904 = -24'107;
constexpr double kNumberMax = 2'958'466;  ///< 10000-01-01

std::string TwoDigits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

bool is_date_format(unsigned built_in_id) {
  return (built_in_id >= 14 && built_in_id <= 22) || (built_in_id >= 27 && built_in_id <= 36) ||
         (built_in_id >= 45 && built_in_id <= 47) || (built_in_id >= 50 && built_in_id <= 58);
}

bool is_date_format(std::string_view code) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    switch (code[i]) {
      case '"':
        i = std::min(code.find('"', i + 1), code.size());
        break;
      case '[':
        i = std::min(code.find(']', i + 1), code.size());
        break;
      case '\\':
      case '_':
      case '*':
        ++i;  // the next is shown as it is
        break;
      case ';':
        return false;  // what negative numbers look like
      case 'G':
      case 'g':
        // "General"
        if (code.size() - i >= 7 && (code.substr(i + 1, 6) == "eneral")) i += 6;
        break;
      case 'y':
      case 'Y':
      case 'm':
      case 'M':
      case 'd':
      case 'D':
      case 'h':
      case 'H':
        return true;
      default:
        break;
    }
  }
  return false;
}

std::string CurrencyOfFormat(std::string_view code) {
  code = code.substr(0, code.find(';'));
  if (const auto begin = code.find("[$"); begin != std::string_view::npos) {
    const std::string_view inside = code.substr(begin + 2);
    return std::string(inside.substr(0, inside.find_first_of("-]")));
  }
  for (const std::string_view sign : {"$", "€", "£", "¥", "₹", "zł", "Kč", "kr"}) {
    if (code.find(sign) != std::string_view::npos) return std::string(sign);
  }
  return {};
}

std::optional<std::string> ToIsoDate(double number, bool counts_from_1904) {
  if (!(number >= 0) || number >= kNumberMax) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(std::llround(number * kDaySeconds));
  std::int64_t day = seconds / kDaySeconds;
  const std::int64_t second = seconds % kDaySeconds;
  const std::string time =
      TwoDigits(second / 3600) + ":" + TwoDigits(second / 60 % 60) + ":" + TwoDigits(second % 60);
  if (day == 0 && !counts_from_1904) return second == 0 ? std::nullopt : std::optional(time);
  // Lotus 1-2-3 took 1900 for a leap year, and so does every workbook: day 60 is none.
  if (!counts_from_1904 && day == 60) return std::nullopt;
  if (!counts_from_1904 && day < 60) ++day;
  const Date date = Date::FromDays(
      static_cast<std::int32_t>(day + (counts_from_1904 ? kDaysTo1904 : kDaysTo1900)));
  if (!date.is_representable()) return std::nullopt;
  return second == 0 ? date.ToString() : date.ToString() + "T" + time;
}

}  // namespace revops::foreign
