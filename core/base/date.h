#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace revops {

/// A calendar date of the proleptic Gregorian calendar. Never shifted by a time zone.
class Date {
 public:
  constexpr Date() = default;
  /// Days since 1970-01-01, as every engine counts them.
  static constexpr Date FromDays(std::int32_t days) { return Date(days); }
  /// nullopt when there is no such day.
  static std::optional<Date> FromCivil(int year, int month, int day);
  /// Exactly "YYYY-MM-DD", years 0001–9999.
  static std::optional<Date> Parse(std::string_view text);

  constexpr std::int32_t days() const { return days_; }
  int year() const;
  int month() const;
  int day() const;

  /// Within 0001-01-01 – 9999-12-31, the dates that a snapshot can hold.
  bool is_representable() const;

  /// "2026-11-22".
  std::string ToString() const;
  /// "2026-11".
  std::string ToMonth() const;

  constexpr Date operator+(std::int32_t days) const { return Date(days_ + days); }
  constexpr Date operator-(std::int32_t days) const { return Date(days_ - days); }
  friend constexpr std::int32_t operator-(Date a, Date b) { return a.days_ - b.days_; }
  friend constexpr auto operator<=>(Date, Date) = default;

 private:
  explicit constexpr Date(std::int32_t days) : days_(days) {}

  std::int32_t days_ = 0;
};

/// Half-open [start, end).
struct DateRange {
  Date start;
  Date end;

  constexpr bool contains(Date date) const { return start <= date && date < end; }
  friend constexpr bool operator==(const DateRange&, const DateRange&) = default;
};

/// The first day of the date's month to the first day of the next.
DateRange MonthOf(Date date);

}  // namespace revops
