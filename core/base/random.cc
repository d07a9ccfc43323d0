#include "core/base/random.h"

#include <sys/random.h>

#include <cstdio>

#include "core/base/check.h"

namespace revops {

std::uint64_t SystemRandom::Next() {
  std::uint64_t value = 0;
  REVOPS_CHECK(getrandom(&value, sizeof value, 0) == static_cast<ssize_t>(sizeof value));
  return value;
}

std::string NewId(Random& random) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(random.Next()),
                static_cast<unsigned long long>(random.Next()));
  return text;
}

}  // namespace revops
