#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/foreign/table_file.h"
#include "core/mapping/inspection.h"
#include "core/mapping/mapping.h"

namespace revops::app {

/// What a foreign table would become; reads it twice. nullopt for `wanted`: under the mapping that
/// is guessed.
Result<mapping::Inspection> InspectTable(foreign::TableFile& file,
                                         const std::optional<mapping::Mapping>& wanted);

}  // namespace revops::app
