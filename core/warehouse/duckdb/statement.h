#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/engine.h"

namespace revops::warehouse {

/// DuckDbDatabase::Execute: queries in a transaction that cannot write, statements that change
/// tables under the write lock; everything else is refused.
Result<SqlTable> ExecuteStatement(Engine& engine, std::string_view statement,
                                  std::uint64_t rows_max, const SessionLimits& limits);

}  // namespace revops::warehouse
