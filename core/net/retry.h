#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "core/base/random.h"

namespace revops::net {

/// How many attempts there may be besides the first ones: one for eleven requests, and a few at
/// the start, so that a service in trouble does not get more load for it. Thread-safe.
class RetryBudget {
 public:
  /// A request is made for the first time.
  void Earn();
  /// False: nothing is left.
  bool Spend();

 private:
  static constexpr int kEarned = 1;
  static constexpr int kPrice = 11;
  static constexpr int kStart = 8 * kPrice;

  std::mutex mutex_;
  int credit_ = kStart;
};

/// The time before attempt `retry` (1 is the first repetition): evenly from nothing to 0.5 s · 2ⁿ,
/// at most 16 s ("full jitter").
std::chrono::milliseconds BackoffTime(int retry, Random& random);

}  // namespace revops::net
