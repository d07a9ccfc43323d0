#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace revops {

/// With padding, in one line.
std::string ToBase64(std::string_view bytes);
/// What JSON web tokens use: `-` and `_`, without padding.
std::string ToBase64Url(std::string_view bytes);
/// The bytes of a text with padding; nothing when it is not base64.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace revops
