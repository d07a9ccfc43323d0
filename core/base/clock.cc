#include "core/base/clock.h"

#include <cstdio>

#include "core/base/date.h"

namespace revops {
namespace {

struct Civil {
  Date date;
  int hour;
  int minute;
  int second;
  int millisecond;
};

Civil Split(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time(instant - day);
  return {Date::FromDays(static_cast<std::int32_t>(day.time_since_epoch().count())),
          static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count())};
}

std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<int> Milliseconds(std::string_view decimals) {
  if (decimals.empty() || decimals.size() > 9) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < decimals.size(); ++i) {
    if (decimals[i] < '0' || decimals[i] > '9') return std::nullopt;
    if (i < 3) value = value * 10 + (decimals[i] - '0');
  }
  for (std::size_t i = decimals.size(); i < 3; ++i) value *= 10;
  return value;
}

}  // namespace

std::string ToString(Instant instant) {
  const Civil c = Split(instant);
  char text[40];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", c.hour, c.minute, c.second,
                c.millisecond);
  return c.date.ToString() + text;
}

std::string ToCompact(Instant instant) {
  const Civil c = Split(instant);
  char text[40];
  std::snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", c.date.year(), c.date.month(),
                c.date.day(), c.hour, c.minute, c.second);
  return text;
}

std::optional<Instant> ParseInstant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text.back() != 'Z') {
    return std::nullopt;
  }
  const auto date = Date::Parse(text.substr(0, 10));
  const auto hour = Digits(text, 11, 2);
  const auto minute = Digits(text, 14, 2);
  const auto second = Digits(text, 17, 2);
  if (!date || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  std::optional<int> milliseconds = 0;
  if (text.size() > 20) {
    if (text[19] != '.') return std::nullopt;
    milliseconds = Milliseconds(text.substr(20, text.size() - 21));
    if (!milliseconds) return std::nullopt;
  }
  return Instant(std::chrono::days(date->days()) + std::chrono::hours(*hour) +
                 std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                 std::chrono::milliseconds(*milliseconds));
}

Instant SystemClock::Now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Clock::SteadyTime SystemClock::SteadyNow() const { return std::chrono::steady_clock::now(); }

}  // namespace revops
