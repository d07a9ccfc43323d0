#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as what one client sends and aborts when a promise of the request reader is
/// broken: the same requests however the bytes are cut; and every request that we accept is read
/// alike by an independent parser (Boost.Beast's).
void CheckHttpRequest(std::string_view bytes);

}  // namespace revops::fuzz
