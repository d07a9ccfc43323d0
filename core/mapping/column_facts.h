#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/mapping/mapping.h"

namespace revops::mapping {

inline constexpr std::array kMarks = {DecimalMark::kPoint, DecimalMark::kComma};
inline constexpr std::array kOrders = {DateOrder::kYearMonthDay, DateOrder::kDayMonthYear,
                                       DateOrder::kMonthDayYear};

/// Nine of ten.
bool are_most(std::uint64_t some, std::uint64_t all);
/// Enough for a column whose name tells; true where there is nothing.
bool are_half(std::uint64_t some, std::uint64_t all);

/// A value as it is shown and compared: cut off where it is long.
std::string Shortened(std::string_view text);

/// What other columns say in the rows of one value.
struct Evidence {
  double probability_sum = 0;
  std::uint64_t probabilities = 0;
  std::uint64_t rows = 0;
  std::uint64_t closed = 0;
  std::uint64_t won = 0;
  std::uint64_t lost = 0;
};

/// What a column's values have been so far.
struct ColumnFacts {
  std::string name;
  std::string plain_name;
  std::uint64_t filled = 0;
  std::vector<std::string> samples;
  /// nullopt: too many different ones.
  std::optional<std::unordered_map<std::string, std::uint64_t>> values{std::in_place};
  std::vector<std::string> order_of_values;  ///< as they came

  std::array<std::uint64_t, 2> amounts{};         ///< by decimal mark
  std::array<std::uint64_t, 2> decimals{};        ///< also those with more than two decimals
  std::array<std::uint64_t, 2> only_as_amount{};  ///< a decimal under that mark alone
  std::string ambiguous_amount;                   ///< differs between the marks
  std::map<std::string, std::uint64_t> currencies;
  std::array<std::uint64_t, 3> dates{};  ///< by order
  std::string ambiguous_date;
  std::uint64_t whole_numbers = 0;
  bool has_padded_numbers = false;  ///< "00123", which as a number would be 123
  std::unordered_set<std::size_t> seen;
  bool is_unique = true;
  std::unordered_map<std::string, Evidence> beside;  ///< by value

  std::uint64_t most_amounts() const { return *std::max_element(amounts.begin(), amounts.end()); }
  std::uint64_t most_decimals() const {
    return *std::max_element(decimals.begin(), decimals.end());
  }
  std::uint64_t most_dates() const { return *std::max_element(dates.begin(), dates.end()); }

  void Add(std::string_view raw);

 private:
  void Remember(std::string_view text);
  void TryAmount(std::string_view text);
  void TryDate(std::string_view text);
};

using Counted = std::vector<std::pair<std::string, std::uint64_t>>;

/// Values with their rows, the most frequent first.
Counted MostFrequent(const std::unordered_map<std::string, std::uint64_t>& values);

/// "Won (3 rows), Lost (1 row) …"
std::string Listed(const Counted& words);

}  // namespace revops::mapping
