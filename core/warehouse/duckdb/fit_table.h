#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sales/schema.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/session.h"
#include "core/warehouse/duckdb/type_map.h"

namespace revops::warehouse {

/// The SQL after which the table has a place for every column of `schema`; empty: it has already.
/// See DuckDbDatabase::Import.
/// Errors: kInvalidArgument, which says what to do, where there is no way.
Result<std::vector<std::string>> StatementsToFit(const SalesTable& table,
                                                 const sales::Schema& schema, ImportMode mode);

/// Runs these in the open transaction, which has not written to the table yet: DuckDB cannot alter
/// what the same transaction wrote. A missing table is created.
Result<SalesTable> FitTable(Session& session, const sales::Schema& schema, ImportMode mode);

}  // namespace revops::warehouse
