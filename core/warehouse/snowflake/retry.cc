#include "core/warehouse/snowflake/retry.h"

#include <algorithm>

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBackoffBase{500};
constexpr milliseconds kBackoffMax{16'000};
constexpr milliseconds kPollBase{250};
constexpr milliseconds kPollMax{5'000};

milliseconds Doubled(milliseconds base, int times, milliseconds max) {
  return std::min(max, base * (1 << std::clamp(times, 0, 10)));
}

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
  const milliseconds most = Doubled(kBackoffBase, retry - 1, kBackoffMax);
  const auto choices = static_cast<std::uint64_t>(most.count()) + 1;
  return milliseconds(static_cast<std::int64_t>(random.Next() % choices));
}

milliseconds PollTime(int poll) { return Doubled(kPollBase, poll, kPollMax); }

}  // namespace revops::warehouse
