#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace revops::net {

/// Unpacks one gzip stream (RFC 1952) that arrives piecemeal. A second member and any other byte
/// after the end are damage.
class GzipBody {
 public:
  enum class Result { kIncomplete, kComplete, kDamaged, kTooLarge };

  GzipBody();
  ~GzipBody();

  /// Appends what `packed` holds to `body`, which never grows beyond `body_bytes_max`.
  Result Unpack(std::string_view packed, std::string& body, std::size_t body_bytes_max);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace revops::net
