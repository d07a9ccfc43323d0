#include "fuzz/replay.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace revops::fuzz {

std::size_t Replay(const std::filesystem::path& folder,
                   const std::function<void(std::string_view bytes)>& check) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout);
    std::ifstream file(path, std::ios::binary);
    check(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return files.size();
}

}  // namespace revops::fuzz
