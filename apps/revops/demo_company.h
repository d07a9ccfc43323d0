#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/date.h"
#include "core/sales/sale.h"

namespace revops::app {

/// One deal's life: what its row says from each day on.
struct DemoDeal {
  struct Change {
    Date on;
    sales::Sale row;
  };
  std::vector<Change> changes;  ///< ascending; the first creates the deal

  /// The row at the end of that day; nullptr before the deal exists.
  const sales::Sale* RowOn(Date day) const;
};

/// A made-up company's deals over the 24 months that end on `today`, from a seed: created, moved
/// through the stages, repriced, slipped and closed; a few rows as imperfect as real ones are.
/// The same seed and day give the same company on every machine.
std::vector<DemoDeal> MakeDemoCompany(std::uint64_t seed, Date today);

}  // namespace revops::app
