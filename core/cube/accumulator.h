#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/date.h"
#include "core/cube/cube.h"
#include "core/cube/tally.h"

namespace revops::cube {

/// Numbers labels in the order of their arrival; 0 is the unknown group.
class LabelCodes {
 public:
  std::uint32_t Code(const std::optional<std::string_view>& label);

  /// The labels ascending, and for each code the one that it has among them.
  struct Sorted {
    std::vector<std::string> values;
    std::vector<std::uint32_t> codes;
  };
  Sorted Sort() &&;

 private:
  std::unordered_map<std::string, std::uint32_t> codes_;
  std::vector<const std::string*> labels_;
};

/// Sums tallies by date and codes: an open-addressed table over one flat array of keys.
class CellTable {
 public:
  explicit CellTable(std::size_t dimension_count);

  void Add(const std::optional<Date>& sold_on, std::span<const std::uint32_t> codes,
           const Tally& tally) {
    tallies_[CellOf(sold_on, codes)] += tally;
  }

  /// The cell's number, in the order of arrival; a new cell is empty.
  std::uint32_t CellOf(const std::optional<Date>& sold_on, std::span<const std::uint32_t> codes);
  std::size_t cell_count() const { return tallies_.size(); }

  /// The cube of all that was added; `names` and `labels` by dimension.
  CubeColumns ToColumns(const std::vector<std::string>& names, std::vector<LabelCodes> labels) &&;

 private:
  /// Dates in order as unsigned numbers, undated last.
  static constexpr std::uint32_t kUndated = 0xFFFFFFFFU;
  static std::uint32_t DateKey(const std::optional<Date>& date) {
    return date ? static_cast<std::uint32_t>(date->days()) ^ 0x80000000U : kUndated;
  }
  static Date KeyDate(std::uint32_t key) {
    return Date::FromDays(static_cast<std::int32_t>(key ^ 0x80000000U));
  }

  const std::uint32_t* key(std::size_t cell) const { return keys_.data() + cell * width_; }
  std::uint64_t Hash(std::uint32_t date, const std::uint32_t* codes) const;
  void Grow();
  std::vector<Date> TakeDates();
  std::vector<std::uint32_t> SortedOrder() const;

  std::size_t width_;  ///< of a key: the date, then the codes
  std::vector<std::uint32_t> keys_;
  std::vector<Tally> tallies_;
  std::vector<std::uint32_t> slots_;  ///< cell + 1; 0: free
};

}  // namespace revops::cube
