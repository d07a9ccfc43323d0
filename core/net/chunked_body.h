#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace revops::net {

/// Decodes a chunked request body that arrives piecemeal. Chunk extensions and trailers are
/// checked for form, counted against a limit and dropped; a trailer that names framing, host or
/// connection is malformed.
class ChunkedBody {
 public:
  enum class Result { kIncomplete, kComplete, kMalformed, kTooLarge };

  struct Limits {
    std::size_t body_bytes_max = 0;
    std::size_t overhead_bytes_max = 0;  ///< extensions and trailers together
  };

  explicit ChunkedBody(Limits limits) : limits_(limits) {}

  /// Takes bytes from the front of `bytes` and appends what they carry to `body`. After
  /// kComplete, what is left in `bytes` belongs to the next request.
  Result Decode(std::string_view& bytes, std::string& body);

 private:
  enum class State {
    kSizeStart,
    kSize,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerLineFeed,
    kLastLineFeed,
    kDone,
    kBad,
  };

  State Next(char c);
  State OnSize(char c);
  State OnExtension(char c);
  State OnTrailerName(char c);
  State OnTrailerValue(char c);
  bool TakeData(std::string_view& bytes, std::string& body);

  Limits limits_;
  State state_ = State::kSizeStart;
  std::uint64_t chunk_left_ = 0;
  std::size_t size_digits_ = 0;
  std::size_t overhead_bytes_ = 0;
  std::string text_;  ///< the extension or trailer name being read
};

}  // namespace revops::net
