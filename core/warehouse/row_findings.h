#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/date.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// What `doctor` wants to know of the rows.
struct RowCounts {
  std::int64_t rows = 0;
  std::int64_t undated = 0;
  std::int64_t future = 0;  ///< dated after today
  std::int64_t without_id = 0;
  std::optional<Date> newest_on;  ///< up to today
};

/// One finding for each; for an empty table the first alone.
std::vector<WarehouseFinding> RowFindings(const RowCounts& counts, Date today);

}  // namespace revops::warehouse
