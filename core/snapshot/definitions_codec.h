#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/sales/definitions.h"

namespace revops::snapshot {

/// Canonical JSON of the definitions, as stored in a snapshot.
std::string EncodeDefinitions(const sales::Definitions& definitions);
/// Errors: kCorrupt.
Result<sales::Definitions> ParseDefinitions(std::string_view bytes);

}  // namespace revops::snapshot
