#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"
#include "core/foreign/table_file.h"

namespace revops::foreign {

/// Text with one record a line, in any of the usual encodings and delimiters, which are found out.
/// `source` stays the caller's and must outlive the result.
/// Errors: kInvalidArgument when it has no line of names.
Result<std::unique_ptr<TableFile>> OpenCsv(const ByteSource& source);

}  // namespace revops::foreign
