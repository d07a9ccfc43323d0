#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "core/base/clock.h"

namespace revops::net {

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", rendered again only when the second changes.
class DateLine {
 public:
  /// Valid until the next call.
  std::string_view At(Instant now);

 private:
  void Render();

  std::chrono::sys_seconds second_{std::chrono::sys_seconds::min()};
  std::array<char, 37> text_{};
};

}  // namespace revops::net
