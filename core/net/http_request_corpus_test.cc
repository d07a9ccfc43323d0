#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/http_request_check.h"

namespace revops::net {
namespace {

TEST(HttpRequestCorpus, KeepsEveryPromise) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REVOPS_CORPUS_DIR)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    fuzz::CheckHttpRequest(bytes);
    ++files;
  }
  EXPECT_GE(files, 30U);
}

}  // namespace
}  // namespace revops::net
