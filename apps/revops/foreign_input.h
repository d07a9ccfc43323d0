#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"
#include "core/foreign/table_file.h"

namespace revops::app {

enum class InputFormat { kCsv, kXlsx, kParquet, kJsonLines };

/// What a file is: by how it begins, else by the ending of its name (".csv", in lower case).
/// Errors: kInvalidArgument for kinds that are not taken, with what to do instead.
Result<InputFormat> FindFormat(std::string_view first_bytes, std::string_view ending);

/// The file behind descriptor `fd`, which stays the caller's, as a table.
/// `before_reading` is called when nothing of it has been parsed yet.
Result<std::unique_ptr<foreign::TableFile>> OpenInput(
    int fd, const foreign::ByteSource& source, InputFormat format,
    const std::function<Result<void>()>& before_reading);

}  // namespace revops::app
