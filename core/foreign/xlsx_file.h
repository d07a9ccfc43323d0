#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"
#include "core/foreign/table_file.h"

namespace revops::foreign {

/// The first sheet of a workbook (.xlsx, ECMA-376) that has a line of names and rows. Numbers are
/// the texts that the file holds, dates are ISO 8601 ("2026-11-22", "2026-11-22T10:30:00"), truth
/// values "true" and "false". `source` stays the caller's and must outlive the result.
/// Errors: kInvalidArgument for a damaged workbook, one with macros or of another kind, and one
///         that expands beyond measure.
Result<std::unique_ptr<TableFile>> OpenXlsx(const ByteSource& source);

}  // namespace revops::foreign
