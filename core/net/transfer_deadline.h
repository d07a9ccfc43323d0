#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/base/clock.h"
#include "core/net/http_server.h"

namespace revops::net {

/// By when a transfer must have moved on to keep the minimum rate: a grace at the start, then
/// every byte buys its share of time, saved up to twice the grace.
class TransferDeadline {
 public:
  using Time = Clock::SteadyTime;

  Time Start(const HttpLimits& limits, Time now) {
    deadline_ = now + limits.transfer_grace;
    return deadline_;
  }

  Time Progress(const HttpLimits& limits, Time now, std::size_t bytes) {
    const std::size_t rate = std::max<std::size_t>(limits.transfer_bytes_per_second_min, 1);
    const auto earned = std::chrono::microseconds(
        static_cast<std::int64_t>(std::min<std::size_t>(bytes, kBytesCounted) * 1'000'000 / rate));
    deadline_ = std::min(deadline_ + earned, now + 2 * limits.transfer_grace);
    return deadline_;
  }

 private:
  static constexpr std::size_t kBytesCounted = std::size_t{1} << 30U;

  Time deadline_{};
};

}  // namespace revops::net
