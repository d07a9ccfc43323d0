#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/sales/definitions.h"
#include "core/sales/schema.h"
#include "core/warehouse/further_columns.h"
#include "core/warehouse/snowflake/statement.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// FCT_SALES as it stands in Snowflake.
struct SnowflakeTable {
  sales::Schema schema;
  /// By column of the schema: its name in the table, in double quotes.
  std::vector<std::string> names;
  std::vector<LeftOutColumn> left_out;
};

/// What follows FROM: the table as it was at an instant, or as it is.
struct TableState {
  /// "2026-11-22 02:00:00.123456789 +0000"; empty: as it is. Comes from the server's own clock.
  std::string at;
};

/// Columns of the table by name and type, and no row.
SqlStatement DescribeQuery();
/// One number that changes with every committed write.
SqlStatement ChangeTokenQuery();
/// The server's time.
SqlStatement TimeQuery();
/// Columns: day or NULL, rows, HASH_AGG of all columns. Ascending, undated last.
SqlStatement DayDigestsQuery(const SnowflakeTable& table, const TableState& state);
/// All columns of the schema, in its order; rows in canonical order.
SqlStatement ReadDaysQuery(const SnowflakeTable& table, const TableState& state,
                           const DaySelection& days);
/// Columns: day or NULL, the dimensions' labels by metrics.md section 2 (NULL: the unknown group),
/// rows, priced, amount.
SqlStatement AggregateDaysQuery(const SnowflakeTable& table, const TableState& state,
                                const sales::Definitions& definitions, const DaySelection& days);
/// Columns: all of the schema, then raw status, rows, priced, amount: the newest rows, whose last
/// four columns are NULL, and one row of totals a status; in no order.
SqlStatement RecentSalesQuery(const SnowflakeTable& table, DateRange window,
                              std::uint64_t rows_max);
/// Columns: rows, undated, dated after `today`, without id, newest day up to `today`.
SqlStatement CountQuery(const SnowflakeTable& table, Date today);

/// A name in double quotes.
std::string QuotedName(std::string_view name);

}  // namespace revops::warehouse
