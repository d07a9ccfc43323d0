#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sales/schema.h"
#include "core/warehouse/duckdb/session.h"
#include "core/warehouse/further_columns.h"

namespace revops::warehouse {

/// FCT_SALES as it stands in the database.
struct SalesTable {
  sales::Schema schema;
  /// By column of the schema: the SQL that gives its value in the type that RowReader reads.
  std::vector<std::string> expressions;
  /// By column of the schema: its name in the table, quoted.
  std::vector<std::string> names;
  /// The decimals that AMOUNT can hold; what import must not lose.
  int amount_scale = 2;
  /// Every column that may be a further dimension, as it is named in the table, in its order; the
  /// schema has the first sales::kFurtherDimensionsMax of them.
  std::vector<std::string> candidates;
  std::vector<LeftOutColumn> left_out;
};

/// Finds the columns by name, in any case and any order. The schema has them in the order of
/// Schema::FctSales(), then the further dimensions in table order; other columns are left alone.
/// Errors: kNotFound without the table, kInvalidArgument for a missing column or another type.
Result<SalesTable> FindSalesTable(Session& session);

}  // namespace revops::warehouse
