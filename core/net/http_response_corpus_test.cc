#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/http_response_check.h"

namespace revops::net {
namespace {

TEST(HttpResponseCorpus, KeepsEveryPromise) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REVOPS_RESPONSE_CORPUS_DIR)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    fuzz::CheckHttpResponse(bytes);
    ++files;
  }
  EXPECT_GE(files, 30U);
}

}  // namespace
}  // namespace revops::net
