#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/date.h"

namespace revops::api {

// JSON is written front to back into a string: an opening brace or bracket, members or items, a
// closing one. A comma goes in front of everything but the first of an object or array.

/// Begins an item of an array.
void AppendItem(std::string& out);
/// Begins a member: `"name":`.
void AppendName(std::string& out, std::string_view name);

/// nullopt is null; bytes that are not UTF-8 become U+FFFD.
void AppendText(std::string& out, std::string_view name, std::optional<std::string_view> text);
void AppendNumber(std::string& out, std::string_view name, std::uint64_t number);
void AppendFlag(std::string& out, std::string_view name, bool flag);
void AppendInstant(std::string& out, std::string_view name, std::optional<Instant> instant);
void AppendDate(std::string& out, std::string_view name, std::optional<Date> date);

}  // namespace revops::api
