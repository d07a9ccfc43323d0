#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/warehouse/duckdb/session.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// Warehouse::Examine: whether FCT_SALES is there, fits, and holds plausible rows.
Result<WarehouseReport> ExamineSales(Session& session, const sales::Definitions& definitions,
                                     const Clock& clock);

}  // namespace revops::warehouse
