#include "core/base/money.h"

#include <algorithm>

namespace revops {
namespace {

__extension__ using UInt128 = unsigned __int128;

UInt128 Magnitude(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

std::string Digits(UInt128 value) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Every number of so many digits is an std::int64_t.
constexpr std::size_t kDigitsOfInt64 = 18;

/// Digits alone, at most kDigitsOfInt64 of them.
std::optional<std::int64_t> ParseShort(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::string ToDecimal(Int128 value) { return (value < 0 ? "-" : "") + Digits(Magnitude(value)); }

std::optional<Int128> ParseDecimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  if (text.size() <= kDigitsOfInt64) {
    const auto magnitude = ParseShort(text);
    if (!magnitude) return std::nullopt;
    return negative ? -*magnitude : *magnitude;
  }
  Int128 value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    if (__builtin_mul_overflow(value, Int128{10}, &value)) return std::nullopt;
    if (__builtin_sub_overflow(value, Int128{c - '0'}, &value)) return std::nullopt;
  }
  if (negative) return value;
  if (__builtin_sub_overflow(Int128{0}, value, &value)) return std::nullopt;
  return value;
}

std::optional<Money> Money::Parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (fraction.size() > 2 || whole.size() > 36) return std::nullopt;
  Int128 cents = 0;
  for (const char c : whole) {
    if (!is_digit(c)) return std::nullopt;
    cents = cents * 10 + (c - '0');
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const char c = i < fraction.size() ? fraction[i] : '0';
    if (!is_digit(c)) return std::nullopt;
    cents = cents * 10 + (c - '0');
  }
  return Money(negative ? -cents : cents);
}

std::string Money::ToString() const {
  std::string digits = Digits(Magnitude(cents_));
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  digits.insert(digits.size() - 2, 1, '.');
  return (cents_ < 0 ? "-" : "") + digits;
}

std::optional<Money> Money::Average(Money sum, std::uint64_t count) {
  if (count == 0) return std::nullopt;
  const UInt128 magnitude = Magnitude(sum.cents_);
  UInt128 quotient = magnitude / count;
  if ((magnitude % count) * 2 >= count) ++quotient;
  const auto rounded = static_cast<Int128>(quotient);
  return Money(sum.cents_ < 0 ? -rounded : rounded);
}

}  // namespace revops
