#pragma once

#include <string_view>

namespace revops::fuzz {

/// Each aborts when a promise is broken.

/// A mapping's file: refused with kInvalidArgument and a message, or without problems, and the same
/// after it was written and read again, as TOML and as JSON.
void CheckMappingToml(std::string_view bytes);

/// What an import worker says of a file: refused with kCorrupt, or within the bounds of an
/// Inspection, and written as it was read.
void CheckInspectionJson(std::string_view bytes);

/// A value of a foreign file, read as a date and as an amount under every order and mark, and as a
/// file's rates; and columns and values (a line each, with tabs) by the guesser.
void CheckForeignValue(std::string_view bytes);

}  // namespace revops::fuzz
