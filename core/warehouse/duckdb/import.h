#pragma once

#include <cstdint>
#include <stop_token>

#include "core/base/result.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/engine.h"

namespace revops::warehouse {

/// DuckDbDatabase::Import: rows go to a temporary table first, without holding up anybody, and
/// from there into FCT_SALES in one transaction.
Result<std::uint64_t> ImportSales(Engine& engine, SaleSource& source, const sales::Schema& schema,
                                  ImportMode mode, std::stop_token stop);

}  // namespace revops::warehouse
