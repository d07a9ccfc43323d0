#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace revops::app {

/// Puts `bytes` in the place of the file: after a crash it is the old one or the new one, whole.
/// Errors: kResourceExhausted when the disk is full.
Result<void> ReplaceFile(const std::filesystem::path& file, std::string_view bytes);

/// nullopt: there is no such file. Errors: kUnavailable when it cannot be read.
Result<std::optional<std::string>> ReadWholeFile(const std::filesystem::path& file);

/// "cannot write FILE: No space left on device", from errno.
Error DiskError(std::string_view what, const std::filesystem::path& file);

}  // namespace revops::app
