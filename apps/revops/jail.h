#pragma once

#include "core/base/result.h"

namespace revops::app {

/// Gives up, for good, what parsing a foreign file does not need: limits on memory and processor
/// time, and a filter over system calls that denies sockets, writing to files by name, new
/// programs, signals to and inspection of other processes. Errors: kUnavailable when the kernel
/// refuses: then nothing is parsed.
Result<void> EnterJail();

}  // namespace revops::app
