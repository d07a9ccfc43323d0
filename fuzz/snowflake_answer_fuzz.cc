#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/snowflake_answer_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  revops::fuzz::CheckSnowflakeAnswer({reinterpret_cast<const char*>(data), size});
  return 0;
}
