#pragma once

#include <chrono>

namespace revops::warehouse {

/// The time before poll `poll` (0 is the first): 0.25 s, doubled each time, at most 5 s.
std::chrono::milliseconds PollTime(int poll);

}  // namespace revops::warehouse
