#include "core/store/local/folders.h"

#include <fcntl.h>

#include <cerrno>

#include "core/store/local/errors.h"

namespace revops::store {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY;

}  // namespace

FilePath ToFilePath(std::string_view key) {
  FilePath path;
  while (true) {
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) break;
    path.folders.emplace_back(key.substr(0, slash));
    key.remove_prefix(slash + 1);
  }
  path.name = key;
  return path;
}

Result<Handle> OpenOrMakeRoot(Disk& disk, const std::filesystem::path& path) {
  Handle root(disk.OpenRoot(path.string()));
  if (root.is_open()) return root;
  const auto parent_path = path.parent_path();
  if (root.error() != ENOENT || parent_path == path) {
    return FailWithErrno(root.error(), "opening the store's folder");
  }
  REVOPS_TRY_ASSIGN(const Handle parent, OpenOrMakeRoot(disk, parent_path));
  return EnsureFolder(disk, parent.get(), path.filename().string(), ParentSync::kWhenMade);
}

Result<Handle> EnsureFolder(Disk& disk, int parent, const std::string& name, ParentSync sync) {
  bool is_made = false;
  Handle folder(disk.Open(parent, name, kFolderFlags));
  if (folder.error() == ENOENT) {
    const int made = disk.MakeFolder(parent, name);
    if (made < 0 && made != -EEXIST) return FailWithErrno(-made, "making a folder");
    is_made = made == 0;
    folder = Handle(disk.Open(parent, name, kFolderFlags));
  }
  if (!folder.is_open()) return FailWithErrno(folder.error(), "opening a folder");
  if (!is_made && sync == ParentSync::kWhenMade) return folder;
  if (const int synced = disk.Sync(parent); synced < 0) {
    if (is_made) disk.Remove(parent, name, true);
    return FailWithErrno(-synced, "fsync of a folder");
  }
  return folder;
}

Result<std::optional<Handle>> FindFolder(Disk& disk, int root,
                                         const std::vector<std::string>& folders) {
  Handle at(disk.Open(root, ".", kFolderFlags));
  if (!at.is_open()) return FailWithErrno(at.error(), "opening the store's folder");
  for (const auto& folder : folders) {
    Handle next(disk.Open(at.get(), folder, kFolderFlags));
    if (next.error() == ENOENT || next.error() == ENOTDIR) return std::nullopt;
    if (!next.is_open()) return FailWithErrno(next.error(), "opening a folder");
    at = std::move(next);
  }
  return at;
}

Result<std::optional<OpenedFile>> FindFile(Disk& disk, int folder, const std::string& name) {
  OpenedFile found{Handle(disk.Open(folder, name, O_RDONLY)), {}};
  if (found.file.error() == ENOENT) return std::nullopt;
  if (!found.file.is_open()) return FailWithErrno(found.file.error(), "opening an object");
  if (const int stated = disk.Stat(found.file.get(), found.info); stated < 0) {
    return FailWithErrno(-stated, "reading an object's size");
  }
  if (found.info.kind == FileInfo::Kind::kFolder) return std::nullopt;
  if (found.info.kind == FileInfo::Kind::kOther) return FailWithErrno(ENXIO, "opening an object");
  return found;
}

Result<std::string> ReadAll(Disk& disk, int file, std::uint64_t size_bytes) {
  std::string bytes(size_bytes, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = disk.Read(file, bytes.data() + done, bytes.size() - done);
    if (count < 0) return FailWithErrno(static_cast<int>(-count), "reading an object");
    if (count == 0) {
      return Fail(ErrorCode::kCorrupt, "an object became shorter while it was read");
    }
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

Result<void> WriteAll(Disk& disk, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = disk.Write(file, bytes.data(), bytes.size());
    if (count <= 0) return FailWithErrno(count == 0 ? EIO : static_cast<int>(-count), "writing");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace revops::store
