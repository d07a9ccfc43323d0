#include "core/warehouse/snowflake/polling.h"

#include <algorithm>

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollBase{250};
constexpr milliseconds kPollMax{5'000};

}  // namespace

milliseconds PollTime(int poll) {
  return std::min(kPollMax, kPollBase * (1 << std::clamp(poll, 0, 10)));
}

}  // namespace revops::warehouse
