#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/foreign/table_file.h"
#include "core/mapping/inspection.h"
#include "core/mapping/mapping.h"
#include "core/mapping/rates.h"

namespace revops::app {

/// What a foreign table would become; reads it twice. nullopt for `wanted`: under the mapping that
/// is guessed. `rates`: nullptr where none are configured.
Result<mapping::Inspection> InspectTable(foreign::TableFile& file,
                                         const std::optional<mapping::Mapping>& wanted,
                                         const mapping::RateTable* rates);

}  // namespace revops::app
