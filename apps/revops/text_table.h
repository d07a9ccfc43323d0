#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::app {

enum class TableFormat { kTable, kJson, kCsv };

/// "table" (also when empty), "json", "csv". Errors: kInvalidArgument.
Result<TableFormat> ParseTableFormat(std::string_view text);

/// Rows as people or programs read them; NULL is empty in tables and CSV, null in JSON.
std::string RenderTable(const std::vector<std::string>& columns,
                        const std::vector<std::vector<std::optional<std::string>>>& rows,
                        TableFormat format);

/// "1 row", "2 rows".
std::string Counted(std::uint64_t count, std::string_view noun);

}  // namespace revops::app
