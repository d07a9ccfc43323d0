#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/clock.h"

namespace revops::net {

/// By when an answer must have moved on to keep its minimum rate, averaged over ten seconds: ten
/// from the first byte, and every byte buys its share of time, saved up to ten. A stall of ten
/// seconds ends it; one that brings its share in every ten never does.
class ClientRate {
 public:
  using Time = Clock::SteadyTime;

  explicit ClientRate(std::size_t bytes_per_second_min)
      : rate_(std::max<std::size_t>(bytes_per_second_min, 1)) {}

  /// `size` bytes that were read between two instants.
  void Count(std::size_t size, Time before, Time after) {
    const auto earned =
        std::chrono::microseconds(static_cast<std::int64_t>(size * 1'000'000 / rate_));
    deadline_ = std::min(deadline_.value_or(before + kWindow) + earned, after + kWindow);
  }

  /// None before the first byte.
  std::optional<Time> deadline() const { return deadline_; }

 private:
  static constexpr std::chrono::seconds kWindow{10};

  std::size_t rate_;
  std::optional<Time> deadline_;
};

}  // namespace revops::net
