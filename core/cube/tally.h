#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/money.h"
#include "core/sales/definitions.h"

namespace revops::cube {

/// What is counted over a set of rows.
struct Tally {
  std::uint64_t deals = 0;   ///< rows
  std::uint64_t priced = 0;  ///< rows with an amount
  Money amount;              ///< their sum

  /// The sum, unless rows exist and none of them is priced.
  std::optional<Money> known_amount() const {
    return deals > 0 && priced == 0 ? std::nullopt : std::optional(amount);
  }
  std::optional<Money> average() const { return Money::Average(amount, priced); }

  Tally& operator+=(const Tally& other) {
    deals += other.deals;
    priced += other.priced;
    amount += other.amount;
    return *this;
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

/// A tally split by status; the total is always the sum of the parts.
struct StatusTotals {
  std::array<Tally, sales::kStatusCount> by_status;

  Tally& operator[](sales::Status status) { return by_status[static_cast<std::size_t>(status)]; }
  const Tally& operator[](sales::Status status) const {
    return by_status[static_cast<std::size_t>(status)];
  }
  Tally total() const {
    Tally sum;
    for (const Tally& tally : by_status) sum += tally;
    return sum;
  }
  StatusTotals& operator+=(const StatusTotals& other) {
    for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] += other.by_status[i];
    return *this;
  }
  friend bool operator==(const StatusTotals&, const StatusTotals&) = default;
};

}  // namespace revops::cube
