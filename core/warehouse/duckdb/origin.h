#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/warehouse/duckdb/session.h"

namespace revops::warehouse {

/// Whose rows FCT_SALES holds (core/sales/origin.h), beside it in the file, so that it changes and
/// comes back with them; nullopt: nothing says so.
Result<std::optional<std::string>> ReadOrigin(Session& session);
Result<void> WriteOrigin(Session& session, const std::optional<std::string>& origin);

}  // namespace revops::warehouse
