#pragma once

#include <string_view>

#include "core/base/error.h"

namespace revops::warehouse {

/// Our error for a message of DuckDB, which begins with the kind: "Catalog Error: Table with …".
/// The message keeps the vendor's words as one line, without the excerpt of the statement.
Error DuckDbError(std::string_view message);

/// The same for a database file that does not open: what to do about a lock or a damaged file.
Error DuckDbOpenError(std::string_view message, std::string_view file);

/// Whether DuckDB has given the database up, so that it must be opened again.
bool is_fatal(std::string_view message);

}  // namespace revops::warehouse
