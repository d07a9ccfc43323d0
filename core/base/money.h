#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace revops {

__extension__ using Int128 = __int128;

/// The shortest decimal form, e.g. "-12".
std::string ToDecimal(Int128 value);

/// Digits with an optional leading '-'; nothing else. nullopt when malformed or out of range.
std::optional<Int128> ParseDecimal(std::string_view text);

/// An exact amount in minor units (cents). Sums of 10^26 of the largest amounts fit.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money FromCents(Int128 cents) { return Money(cents); }

  /// "-1234.5", "7", ".50": at most two decimals, no sign but '-', no exponent, no separators.
  static std::optional<Money> Parse(std::string_view text);

  constexpr Int128 cents() const { return cents_; }

  /// Always two decimals: "387000.00", "-0.05".
  std::string ToString() const;

  /// Sum ÷ count, rounded half away from zero to cents. nullopt for a count of 0.
  static std::optional<Money> Average(Money sum, std::uint64_t count);

  constexpr Money& operator+=(Money other) {
    cents_ += other.cents_;
    return *this;
  }
  constexpr Money& operator-=(Money other) {
    cents_ -= other.cents_;
    return *this;
  }
  friend constexpr Money operator+(Money a, Money b) { return a += b; }
  friend constexpr Money operator-(Money a, Money b) { return a -= b; }
  friend constexpr auto operator<=>(Money, Money) = default;

 private:
  explicit constexpr Money(Int128 cents) : cents_(cents) {}

  Int128 cents_ = 0;
};

}  // namespace revops
