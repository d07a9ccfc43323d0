#pragma once

namespace revops {

/// Prints the place and aborts. For programmer errors alone: input must never reach it.
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace revops

#define REVOPS_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::revops::CheckFailed(#expression, __FILE__, __LINE__))
