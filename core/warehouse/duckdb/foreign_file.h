#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/foreign/table_file.h"

namespace revops::warehouse {

enum class ForeignFormat { kParquet, kJsonLines };

/// A file that somebody else wrote, read by an in-memory database of its own; the columns of JSON
/// come in order of first appearance.
///
/// `before_reading` is called when the database runs and nothing of the file has been read; no
/// thread has been started by then.
/// Errors: kInvalidArgument when it is no file of that format; what `before_reading` fails with.
Result<std::unique_ptr<foreign::TableFile>> OpenForeignFile(
    const std::string& path, ForeignFormat format,
    const std::function<Result<void>()>& before_reading);

}  // namespace revops::warehouse
