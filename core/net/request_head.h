#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/http.h"
#include "core/net/refusal.h"

namespace revops::net {

/// A request line and its fields after strict validation. Views into the bytes that were read.
struct RequestHead {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::string_view host;  ///< the Host field: a name or address, perhaps with a port
  std::vector<HttpField> fields;
  std::size_t content_length = 0;  ///< 0 where there is none
  bool http_1_0 = false;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
  /// Empty again; the memory of `fields` is kept.
  void Clear();
};

/// Finds the end of a head in bytes that arrive piecemeal; every byte is looked at once.
class HeadScanner {
 public:
  enum class Result { kIncomplete, kComplete, kBareLineFeed };

  /// `bytes` = all that came since the head began. When complete, `size()` counts the head with
  /// its empty line.
  Result Scan(std::string_view bytes);
  std::size_t size() const { return line_start_; }
  void Reset() { *this = HeadScanner(); }

 private:
  std::size_t scanned_ = 0;
  std::size_t line_start_ = 0;
};

/// Reads a whole head (it ends with its empty line) into `head`, whose vector keeps its memory.
/// nullopt: it is valid. What could be read in two ways is refused: RFC 9110 and 9112 with every
/// "MAY accept" answered by no.
std::optional<Refusal> ReadRequestHead(std::string_view bytes, std::size_t fields_max,
                                       RequestHead& head);

}  // namespace revops::net
