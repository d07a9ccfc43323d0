#pragma once

#include <string>
#include <string_view>

#include "core/api/coding.h"

namespace revops::api {

/// Undoes Encode, by the libraries' decoders; fails the test when the bytes are malformed.
std::string Decode(Coding coding, std::string_view bytes);

}  // namespace revops::api
