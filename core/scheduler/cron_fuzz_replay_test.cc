#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace revops::scheduler {
namespace {

int RunOn(const std::string& input) {
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

TEST(CronFuzz, HoldsForItsCorpus) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REVOPS_CORPUS_FOLDER)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    EXPECT_EQ(RunOn({std::istreambuf_iterator<char>(file), {}}), 0);
    ++inputs;
  }
  EXPECT_GT(inputs, 5);
}

TEST(CronFuzz, HoldsForNothing) { EXPECT_EQ(RunOn(""), 0); }

}  // namespace
}  // namespace revops::scheduler
