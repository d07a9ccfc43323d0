#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/query_check.h"

namespace revops::api {
namespace {

TEST(QueryCorpus, KeepsEveryPromise) {
  const std::filesystem::path folder =
      std::filesystem::path(REVOPS_SOURCE_DIR) / "fuzz" / "corpus" / "query";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    fuzz::CheckQuery(bytes);
    ++files;
  }
  EXPECT_GE(files, 30U);
}

}  // namespace
}  // namespace revops::api
