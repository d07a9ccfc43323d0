#include "core/net/retry.h"

#include <algorithm>

namespace revops::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBackoffBase{500};
constexpr milliseconds kBackoffMax{16'000};

}  // namespace

void RetryBudget::Earn() {
  const std::scoped_lock lock(mutex_);
  credit_ = std::min(credit_ + kEarned, kStart);
}

bool RetryBudget::Spend() {
  const std::scoped_lock lock(mutex_);
  if (credit_ < kPrice) return false;
  credit_ -= kPrice;
  return true;
}

milliseconds BackoffTime(int retry, Random& random) {
  const milliseconds most =
      std::min(kBackoffMax, kBackoffBase * (1 << std::clamp(retry - 1, 0, 10)));
  const auto choices = static_cast<std::uint64_t>(most.count()) + 1;
  return milliseconds(static_cast<std::int64_t>(random.Next() % choices));
}

}  // namespace revops::net
