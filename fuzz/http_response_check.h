#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as what a server sends and aborts when a promise of the response reader is
/// broken: the same answer however the bytes are cut; no body beyond its limit; nothing but a
/// whole answer is one; and every answer that we accept is read alike by an independent parser
/// (Boost.Beast's, and zlib in one call). A first line of "HEAD" makes it the answer to a HEAD
/// request.
void CheckHttpResponse(std::string_view bytes);

}  // namespace revops::fuzz
