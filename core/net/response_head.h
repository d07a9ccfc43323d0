#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/http.h"

namespace revops::net {

/// A status line and its fields after strict validation. Views into the bytes that were read.
struct ResponseHead {
  /// How the body says where it ends.
  enum class Framing { kNone, kLength, kChunked, kClose };

  int status = 0;
  std::vector<HttpField> fields;
  Framing framing = Framing::kNone;
  std::size_t content_length = 0;  ///< of the packed body, where the framing is kLength
  bool gzip = false;
  bool keep_alive = true;

  bool is_interim() const { return status < 200; }
};

/// Reads a whole head (it ends with its empty line) into `head`. Returns what is wrong with it,
/// nothing when it is valid. What could be read in two ways is refused.
/// `to_head`: it answers a HEAD request, so that no body follows.
std::string_view ReadResponseHead(std::string_view bytes, bool to_head, ResponseHead& head);

}  // namespace revops::net
