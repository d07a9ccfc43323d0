#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What libFuzzer calls: hands the input to `check`, which aborts when a promise is broken.
#define REVOPS_FUZZ_TARGET(check)                                                     \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    check(std::string_view(reinterpret_cast<const char*>(data), size));               \
    return 0;                                                                         \
  }
