#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/cube/answer.h"

namespace revops::cube {

/// For every combination of labels that occurs, the running totals over the dates: a query costs
/// the combinations and months, not the cells.
class PrefixSums {
 public:
  /// Entries at most, 32 bytes each.
  static constexpr std::size_t kEntriesMax = std::size_t{1} << 20U;

  /// nullopt when there would be too many entries.
  static std::optional<PrefixSums> Build(const CubeIndex& index);

  /// Whether a query reads fewer entries than a scan would read cells.
  bool pays_off(const CubeIndex& index) const;

  /// Adds what the filter takes to a prepared answer.
  void Add(const CubeIndex& index, const DateSpan& span, CubeAnswer& answer) const;

 private:
  PrefixSums() = default;

  /// Rows of the combination with date codes in [begin, end).
  Tally Between(std::size_t combination, std::uint32_t begin, std::uint32_t end) const;
  void AddMonths(const CubeIndex& index, const DateSpan& span, std::size_t combination,
                 sales::Status status, CubeAnswer& answer) const;

  std::size_t combination_count_ = 0;
  std::vector<std::vector<std::uint32_t>> codes_;  ///< by dimension, then combination
  std::vector<Tally> sums_;                        ///< by date code, then combination: before it
  std::vector<std::uint32_t> month_starts_;        ///< by month: its first date code; then the end
};

}  // namespace revops::cube
