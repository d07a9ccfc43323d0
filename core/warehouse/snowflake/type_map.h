#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/money.h"
#include "core/base/result.h"
#include "core/sales/sale.h"
#include "core/warehouse/snowflake/dialect.h"
#include "core/warehouse/snowflake/result_set.h"

namespace revops::warehouse {

/// Finds the columns of DescribeQuery by name, in any case and any order. The schema has them in
/// the order of Schema::FctSales(), then the further dimensions in table order; other columns are
/// left alone.
/// Errors: kInvalidArgument for a missing column or another type, saying what to change.
Result<SnowflakeTable> ToSalesTable(const std::vector<ResultColumn>& columns);

/// Whether the first columns of a result have the types that the table's had.
bool fits(const SnowflakeTable& table, const std::vector<ResultColumn>& columns);

/// Values in the default encodings of the SQL API, section by section of its type table.
/// nullopt for anything else.
std::optional<std::int32_t> DecodeDays(std::string_view text);  ///< DATE: days since 1970-01-01
std::optional<Int128> DecodeInteger(std::string_view text);     ///< FIXED of scale 0
std::optional<Money> DecodeMoney(std::string_view text);        ///< FIXED of scale 0 to 2

/// A TIMESTAMP_LTZ, as it is and as a literal of TIMESTAMP_TZ.
struct ServerInstant {
  Instant at;
  std::string literal;  ///< "2026-11-22 02:00:00.123456789 +0000"
};
std::optional<ServerInstant> DecodeInstant(std::string_view text);

/// Turns cells whose first columns are SnowflakeTable::names into sales.
class SaleReader {
 public:
  explicit SaleReader(const sales::Schema& schema) : schema_(schema) {}

  /// Valid until the next call or the cells' end. `rows`: how many, from the first.
  /// Errors: kUnavailable for a value that its column's type cannot have.
  Result<std::span<const sales::SaleView>> Read(const ResultCells& cells);

 private:
  Result<void> ReadRow(const ResultCells& cells, std::size_t row);

  sales::Schema schema_;
  std::vector<sales::SaleView> views_;
  std::vector<std::optional<std::string_view>> texts_;
};

}  // namespace revops::warehouse
