#pragma once

#include <optional>
#include <string>

#include "core/base/date.h"
#include "core/processor/refresh.h"
#include "core/sales/schema.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

/// Raised whenever a newer program stores the same rows differently or counts them differently:
/// every part is then made anew.
inline constexpr int kDataVersion = 1;

/// Everything that a snapshot follows from, as hashes. Empty when the warehouse has no change
/// token: then nothing is known without looking.
struct InputsKey {
  std::string rows;        ///< the table, its state and what the program makes of rows
  std::string everything;  ///< the same with business date, definitions and origin

  /// The pointer's inputs_key.
  std::string ToString() const { return rows.empty() ? "" : rows + "-" + everything; }
};

/// Whose rows the read has, as far as anything says so.
std::optional<std::string> OriginOf(const warehouse::WarehouseRead& read,
                                    const RefreshConfig& config);

InputsKey MakeInputsKey(const warehouse::WarehouseRead& read, Date business_date,
                        const RefreshConfig& config);

/// Whether an earlier inputs_key came from the same rows.
bool has_same_rows(const InputsKey& key, std::string_view earlier);

}  // namespace revops::processor
