#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/store/local/disk.h"

namespace revops::store {

/// A key as the folders above its file, and the file's name.
struct FilePath {
  std::vector<std::string> folders;
  std::string name;
};

FilePath ToFilePath(std::string_view key);

/// The absolute folder, made with its parents when missing.
Result<Handle> OpenOrMakeRoot(Disk& disk, const std::filesystem::path& path);

enum class ParentSync { kWhenMade, kAlways };

/// The folder `name` in `parent`, made when missing. The parent is fsynced so that the entry
/// survives a crash; a new folder whose entry did not reach the disk is removed again.
Result<Handle> EnsureFolder(Disk& disk, int parent, const std::string& name, ParentSync sync);

/// The folder below `root`; nullopt when it is not there.
Result<std::optional<Handle>> FindFolder(Disk& disk, int root,
                                         const std::vector<std::string>& folders);

struct OpenedFile {
  Handle file;
  FileInfo info;
};

/// A regular file for reading; nullopt when there is none of that name.
/// Errors: kCorrupt when something else than a file or a folder has the name.
Result<std::optional<OpenedFile>> FindFile(Disk& disk, int folder, const std::string& name);

/// Errors: kCorrupt when the file has another size.
Result<std::string> ReadAll(Disk& disk, int file, std::uint64_t size_bytes);

Result<void> WriteAll(Disk& disk, int file, std::string_view bytes);

}  // namespace revops::store
