#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <duckdb.h>

#include "core/base/date.h"
#include "core/base/money.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"
#include "core/warehouse/duckdb/session.h"

namespace revops::warehouse {

/// One column of a chunk, NULLs included.
class ColumnView {
 public:
  ColumnView(const Chunk& chunk, std::size_t index);

  bool is_null(std::size_t row) const {
    return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row);
  }
  template <class T>
  const T& at(std::size_t row) const {
    return static_cast<const T*>(data_)[row];
  }
  /// Of a VARCHAR column; lives as long as the chunk.
  std::string_view text(std::size_t row) const;
  /// Of a HUGEINT or DECIMAL column: the unscaled integer, whatever its width.
  Int128 integer(std::size_t row) const;

 private:
  void* data_;
  std::uint64_t* validity_;
  duckdb_type type_;  ///< a decimal's internal type
};

/// The date of a DATE value; nullopt for NULL and dates that a snapshot cannot hold.
std::optional<Date> ReadDate(const ColumnView& column, std::size_t row);

/// Turns chunks whose first columns are SalesTable::expressions into sales without allocating per
/// row.
class RowReader {
 public:
  explicit RowReader(const sales::Schema& schema);

  /// Valid until the next call or the chunk's end.
  std::span<const sales::SaleView> Read(const Chunk& chunk);

 private:
  using IdText = std::array<char, 40>;

  void ReadIds(const ColumnView& column, std::size_t rows);
  void ReadDates(const ColumnView& column, std::size_t rows);
  void ReadAmounts(const ColumnView& column, std::size_t rows);
  void ReadTexts(const ColumnView& column, std::size_t text, std::size_t rows);

  sales::Schema schema_;
  std::vector<sales::SaleView> views_;
  std::vector<std::optional<std::string_view>> texts_;
  std::vector<IdText> ids_;
};

}  // namespace revops::warehouse
