#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/cube.h"
#include "core/sales/definitions.h"
#include "core/sales/ledger.h"
#include "core/sales/schema.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/part.h"

namespace revops::processor {

struct FiguresInputs {
  const sales::Schema& schema;
  const sales::Definitions& definitions;
  const std::vector<snapshot::Part>& parts;
  const std::map<std::string, std::uint64_t>& rows_by_month;  ///< what the warehouse counts
  Date business_date;
};

/// What a snapshot says besides its parts.
struct Figures {
  cube::StatusTotals totals;
  sales::Ledger ledger;
  std::map<std::string, snapshot::EncodedObject> views;
};

/// Computes the figures from the parts' merged cube. `load` fetches an object of the parts.
/// Errors: kInternal when anything does not add up; those of `load`.
Result<Figures> ComputeFigures(const FiguresInputs& inputs, cube::CubeColumns columns,
                               const snapshot::LoadObject& load);

/// The run-time assertions, also for tests: groups add up to the total, the ledger to all rows, the
/// parts to what the warehouse counts.
Result<void> CheckFigures(const FiguresInputs& inputs, const cube::CubeAnswer& answer,
                          const sales::Ledger& ledger);

}  // namespace revops::processor
