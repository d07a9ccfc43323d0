#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as text of an unknown dialect, and aborts when a promise is broken: nothing but
/// kInvalidArgument refuses it; every row has a value or none for every column, all in UTF-8, at
/// lines that ascend; a second reading gives the same.
void CheckCsvDialect(std::string_view bytes);

/// Reads `bytes` as a workbook, or, if they do not begin like an archive, as the content of its one
/// sheet; the promises are the same.
void CheckXlsx(std::string_view bytes);

}  // namespace revops::fuzz
