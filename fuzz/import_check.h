#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as a foreign file's column names and rows, a line each with commas between, "\N"
/// for NULL, and aborts when a promise is broken: FCT_SALES's own names in any order are taken; a
/// refused row names a column; the rows that were taken come out of the documents that they were
/// written to, all of them and unchanged.
void CheckImportRows(std::string_view bytes);

/// Reads `bytes` as what an import worker wrote, and aborts when a promise is broken: documents
/// follow one another without a gap up to the end, and nothing but kCorrupt refuses them.
void CheckRowDocuments(std::string_view bytes);

}  // namespace revops::fuzz
