#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/http_request_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  revops::fuzz::CheckHttpRequest({reinterpret_cast<const char*>(data), size});
  return 0;
}
