#include "core/net/date_line.h"

#include <tuple>

namespace revops::net {
namespace {

constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Writes `value` so that its last digit stands before `end`.
void WriteDigits(char* end, unsigned value, int width) {
  for (int i = 0; i < width; ++i) {
    *--end = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

std::string_view DateLine::At(Instant now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second != second_) {
    second_ = second;
    Render();
  }
  return {text_.data(), text_.size()};
}

void DateLine::Render() {
  const auto day = std::chrono::floor<std::chrono::days>(second_);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second_ - day);

  constexpr std::string_view kPattern = "Date: Day, 00 Mon 0000 00:00:00 GMT\r\n";
  static_assert(kPattern.size() == std::tuple_size_v<decltype(text_)>);
  char* const out = text_.data();
  kPattern.copy(out, kPattern.size());
  kDays[std::chrono::weekday(day).c_encoding()].copy(out + 6, 3);
  WriteDigits(out + 13, static_cast<unsigned>(date.day()), 2);
  kMonths[static_cast<unsigned>(date.month()) - 1].copy(out + 14, 3);
  WriteDigits(out + 22, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  WriteDigits(out + 25, static_cast<unsigned>(time.hours().count()), 2);
  WriteDigits(out + 28, static_cast<unsigned>(time.minutes().count()), 2);
  WriteDigits(out + 31, static_cast<unsigned>(time.seconds().count()), 2);
}

}  // namespace revops::net
