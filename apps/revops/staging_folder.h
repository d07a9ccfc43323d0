#pragma once

#include <filesystem>

namespace revops::app {

/// A folder for what is in the making: empty at first, gone with this object. What a killed process
/// left of it is removed by the next one.
class StagingFolder {
 public:
  explicit StagingFolder(std::filesystem::path path);
  ~StagingFolder();
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace revops::app
