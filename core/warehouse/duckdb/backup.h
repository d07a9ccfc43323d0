#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/warehouse/duckdb/engine.h"

namespace revops::warehouse {

/// DuckDbDatabase::CopyTo. Readers go on; writers wait while the bytes are copied.
Result<void> CopyDatabase(Engine& engine, const std::filesystem::path& file);

}  // namespace revops::warehouse
