#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/cube/tally.h"
#include "core/sales/normalize.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::warehouse {

/// The order of RecentSales::rows. Engines select the rows by the same order; a union does not
/// promise to keep it.
void SortNewestFirst(const sales::Schema& schema, std::vector<sales::Sale>& rows);

/// Adds what an engine has counted for one raw status.
void AddStatus(std::optional<std::string_view> raw_status, const cube::Tally& tally,
               const sales::Schema& schema, sales::Normalizer& normalizer,
               cube::StatusTotals& totals);

}  // namespace revops::warehouse
