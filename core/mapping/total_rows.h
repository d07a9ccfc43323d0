#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/money.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::mapping {

/// Tells the totals that people and reports put between and below rows: counted as deals they would
/// double every sum.
///
/// Such a row has no date, no stage and no status where other rows have them, and either says that
/// it is a total or has the sum of all amounts above it.
class TotalRows {
 public:
  /// Why `row` is refused; nullopt: it may be a deal. Its amount is in the currency of the file.
  std::optional<std::string> Check(const sales::Schema& schema, const sales::Sale& row) const;
  /// A row that was taken, in the order of the file.
  void Add(const sales::Schema& schema, const sales::Sale& row);

 private:
  Money sum_;
  std::uint64_t described_ = 0;  ///< rows with a date, a stage or a status
};

}  // namespace revops::mapping
