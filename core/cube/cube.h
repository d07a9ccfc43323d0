#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/tally.h"
#include "core/sales/filter.h"
#include "core/sales/normalize.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::cube {

/// One cell: all rows that share a date and every label.
struct CubeCell {
  std::optional<Date> sold_on;
  std::vector<std::optional<std::string>> labels;  ///< as Schema::dimensions(); nullopt: unknown
  Tally tally;

  friend bool operator==(const CubeCell&, const CubeCell&) = default;
};

/// A dimension's labels: code 0 is the unknown group, code i the i-th of `values`.
struct Dictionary {
  std::string name;                 ///< the column's: "REGION"
  std::vector<std::string> values;  ///< ascending bytewise, no duplicates

  friend bool operator==(const Dictionary&, const Dictionary&) = default;
};

/// The finest totals: a column an attribute, one entry a cell; sorted by date (undated last), then
/// by the codes in order; no two cells alike, none without rows. Equal rows give equal cubes.
struct CubeColumns {
  std::vector<Date> dates;  ///< that occur, ascending
  std::vector<Dictionary> dictionaries;
  std::vector<std::uint32_t> date_codes;          ///< index into dates; dates.size(): undated
  std::vector<std::vector<std::uint32_t>> codes;  ///< by dimension
  std::vector<std::uint64_t> rows;
  std::vector<std::uint64_t> priced;
  std::vector<Int128> cents;

  std::size_t cell_count() const { return rows.size(); }
  friend bool operator==(const CubeColumns&, const CubeColumns&) = default;
};

/// Sums rows into cells.
class CubeBuilder {
 public:
  CubeBuilder(const sales::Schema& schema, sales::Normalizer& normalizer);
  ~CubeBuilder();

  void Add(const sales::SaleView& row);
  CubeColumns Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same from cells in any order, alike ones summed: what a warehouse pushes down.
CubeColumns FromCells(const sales::Schema& schema, std::span<const CubeCell> cells);
/// The cells, in the cube's order.
std::vector<CubeCell> ToCells(const CubeColumns& cube);
/// One cube over the rows of all; the parts have the same dimensions. Of no parts: a cube without
/// dimensions; FromCells(schema, {}) is the one without rows.
CubeColumns Merge(std::span<const CubeColumns* const> parts);
/// Whether sizes, codes and orders hold as CubeColumns says; kCorrupt otherwise.
Result<void> Validate(const CubeColumns& cube);

/// Totals of one group.
struct Group {
  std::uint32_t code = 0;  ///< 0: the unknown group
  bool selected = true;    ///< by the dimension's own selection
  StatusTotals totals;
};

/// Answer to one filter; reused between queries so that none allocates in steady state.
struct CubeAnswer {
  /// Everything that the whole filter takes.
  StatusTotals totals;
  /// By dimension: groups that have rows when that dimension's own selection is left aside, by
  /// code.
  std::vector<std::vector<Group>> dimensions;
  /// What the whole filter takes, by month: first day of the month; the undated group last.
  struct Month {
    std::optional<Date> first_on;
    StatusTotals totals;
  };
  std::vector<Month> months;
};

/// Answers filters over one cube. Immutable and thread-safe; dense with prefix sums over the dates
/// while small, sorted cells otherwise: both give the same answers.
class Cube {
 public:
  explicit Cube(CubeColumns columns);
  ~Cube();
  Cube(Cube&&) noexcept;
  Cube& operator=(Cube&&) noexcept;

  const CubeColumns& columns() const;
  /// The label of a code; nullopt for 0.
  std::optional<std::string_view> label(std::size_t dimension, std::uint32_t code) const;

  /// Values of the filter that the cube does not know select nothing.
  void Query(const sales::Filter& filter, CubeAnswer& answer) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::cube
