#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace revops::app {

inline constexpr std::size_t kFrameBytesMax = std::size_t{1} << 20U;

/// One message of the control protocol; see control.h.
struct Frame {
  char type = 0;
  std::string payload;
};

/// Errors: kUnavailable when the peer is gone.
Result<void> WriteFrame(int fd, char type, std::string_view payload);
/// Errors: kUnavailable when the peer is gone, kCorrupt for a frame that is too long.
Result<Frame> ReadFrame(int fd);

}  // namespace revops::app
