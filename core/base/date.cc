#include "core/base/date.h"

#include <chrono>

namespace revops {
namespace {

std::chrono::year_month_day Civil(Date date) {
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(date.days())));
}

Date FromYmd(std::chrono::year_month_day ymd) {
  return Date::FromDays(
      static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count()));
}

std::string Padded(int value, std::size_t width) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return (value < 0 ? "-" : "") + digits;
}

std::optional<int> Number(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Date> Date::FromCivil(int year, int month, int day) {
  if (year < -32767 || year > 32767 || month < 1 || month > 12 || day < 1 || day > 31) {
    return std::nullopt;
  }
  const std::chrono::year_month_day ymd(std::chrono::year(year),
                                        std::chrono::month(static_cast<unsigned>(month)),
                                        std::chrono::day(static_cast<unsigned>(day)));
  if (!ymd.ok()) return std::nullopt;
  return FromYmd(ymd);
}

std::optional<Date> Date::Parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Number(text.substr(0, 4));
  const auto month = Number(text.substr(5, 2));
  const auto day = Number(text.substr(8, 2));
  if (!year || !month || !day || *year == 0) return std::nullopt;
  return FromCivil(*year, *month, *day);
}

int Date::year() const { return static_cast<int>(Civil(*this).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(Civil(*this).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(Civil(*this).day())); }

bool Date::is_representable() const {
  constexpr std::int32_t kFirst = -719162;  // 0001-01-01
  constexpr std::int32_t kLast = 2932896;   // 9999-12-31
  return days_ >= kFirst && days_ <= kLast;
}

std::string Date::ToString() const { return ToMonth() + "-" + Padded(day(), 2); }

std::string Date::ToMonth() const { return Padded(year(), 4) + "-" + Padded(month(), 2); }

DateRange MonthOf(Date date) {
  const std::chrono::year_month month = Civil(date).year() / Civil(date).month();
  return {FromYmd(month / 1), FromYmd((month + std::chrono::months(1)) / 1)};
}

}  // namespace revops
