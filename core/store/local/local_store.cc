#include "core/store/local/local_store.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/check.h"
#include "core/base/random.h"
#include "core/store/local/errors.h"
#include "core/store/local/folders.h"

namespace revops::store {
namespace {

constexpr const char* kPendingFolder = "~pending";
constexpr const char* kLockFile = "~lock";
constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;
constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;
/// Stamps stay this close to the clock; after a larger jump backwards they follow it again.
constexpr std::int64_t kStampLeadMax = 60'000 * kNanosecondsPerMillisecond;
constexpr std::chrono::hours kPendingAgeMax(1);

Result<void> CheckKey(std::string_view key) {
  if (is_valid_key(key)) return {};
  return Fail(ErrorCode::kInvalidArgument, "not a key of the store: '" + std::string(key) + "'");
}

Version VersionOf(const FileInfo& info) {
  char text[64];
  std::snprintf(text, sizeof text, "%llx-%llx-%llx", static_cast<unsigned long long>(info.inode),
                static_cast<unsigned long long>(info.size_bytes),
                static_cast<unsigned long long>(info.modified_ns));
  return text;
}

Instant ModifiedAt(const FileInfo& info) {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(info.modified_ns)));
}

std::string Joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

/// nullopt when the name vanished meanwhile.
Result<std::optional<FileInfo>> Examine(Disk& disk, int folder, const std::string& name) {
  FileInfo info;
  const int stated = disk.StatName(folder, name, info);
  if (stated == -ENOENT) return std::nullopt;
  if (stated < 0) return FailWithErrno(-stated, "examining an object");
  return info;
}

}  // namespace

/// A file in ~pending, removed unless it was renamed away.
struct LocalObjectStore::Pending {
  Pending(Disk& its_disk, Handle its_folder, std::string its_name)
      : disk(its_disk), folder(std::move(its_folder)), name(std::move(its_name)) {}
  ~Pending() {
    if (!is_renamed) disk.Remove(folder.get(), name, false);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  Disk& disk;
  Handle folder;
  std::string name;
  Version version;
  bool is_renamed = false;
};

LocalObjectStore::LocalObjectStore(Handle root, Disk& disk, const Clock& clock)
    : root_(std::move(root)), disk_(disk), clock_(clock) {}

Result<std::unique_ptr<LocalObjectStore>> LocalObjectStore::Open(const LocalStoreConfig& config,
                                                                 Disk& disk, const Clock& clock) {
  std::error_code failure;
  auto path = std::filesystem::absolute(config.folder, failure).lexically_normal();
  if (failure || config.folder.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the store's folder is not a path");
  }
  if (!path.has_filename()) path = path.parent_path();
  REVOPS_TRY_ASSIGN(Handle root, OpenOrMakeRoot(disk, path));
  std::unique_ptr<LocalObjectStore> store(new LocalObjectStore(std::move(root), disk, clock));
  store->RemoveDeadPending();
  return store;
}

Result<Object> LocalObjectStore::Get(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  const FilePath path = ToFilePath(key);
  std::optional<OpenedFile> found;
  REVOPS_TRY_ASSIGN(const auto folder, FindFolder(disk_, root_.get(), path.folders));
  if (folder) {
    REVOPS_TRY_ASSIGN(found, FindFile(disk_, folder->get(), path.name));
  }
  if (!found) return Fail(ErrorCode::kNotFound, "no object '" + std::string(key) + "'");
  REVOPS_TRY_ASSIGN(auto bytes, ReadAll(disk_, found->file.get(), found->info.size_bytes));
  return Object{std::move(bytes), VersionOf(found->info)};
}

Result<Version> LocalObjectStore::Put(std::string_view key, std::string_view bytes,
                                      const PutCondition& condition) {
  REVOPS_TRY(CheckKey(key));
  const FilePath path = ToFilePath(key);
  REVOPS_TRY_ASSIGN(const auto stamp_ns, NextStamp());
  REVOPS_TRY_ASSIGN(Handle pending_folder, OpenPendingFolder());
  SystemRandom random;
  Pending pending(disk_, std::move(pending_folder), NewId(random));
  REVOPS_TRY(WritePending(bytes, stamp_ns, pending));
  REVOPS_TRY_ASSIGN(const Handle folder, MakeFolders(path.folders));
  {
    REVOPS_TRY_ASSIGN(const Handle lock, Lock());
    REVOPS_TRY(CheckCondition(std::string(key), folder.get(), path.name, condition));
    const int renamed = disk_.Rename(pending.folder.get(), pending.name, folder.get(), path.name);
    if (renamed < 0) return FailWithErrno(-renamed, "renaming an object into place");
    pending.is_renamed = true;
  }
  if (const int synced = disk_.Sync(folder.get()); synced < 0) {
    return FailWithErrno(-synced, "fsync of a folder");
  }
  return pending.version;
}

Result<std::vector<ObjectInfo>> LocalObjectStore::List(std::string_view prefix) {
  std::vector<ObjectInfo> infos;
  std::vector<std::string> folders = {""};
  if (const auto slash = prefix.rfind('/'); slash != std::string_view::npos) {
    if (!is_valid_key(prefix.substr(0, slash))) return infos;
    folders = {std::string(prefix.substr(0, slash))};
  }
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    REVOPS_TRY(AddFolder(folder, prefix, folders, infos));
  }
  std::sort(infos.begin(), infos.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.key < b.key; });
  return infos;
}

Result<void> LocalObjectStore::Delete(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  const FilePath path = ToFilePath(key);
  REVOPS_TRY_ASSIGN(const auto folder, FindFolder(disk_, root_.get(), path.folders));
  if (!folder) return {};
  {
    REVOPS_TRY_ASSIGN(const Handle lock, Lock());
    const int removed = disk_.Remove(folder->get(), path.name, false);
    if (removed == -ENOENT || removed == -EISDIR) return {};
    if (removed < 0) return FailWithErrno(-removed, "deleting an object");
  }
  if (const int synced = disk_.Sync(folder->get()); synced < 0) {
    return FailWithErrno(-synced, "fsync of a folder");
  }
  return {};
}

// A file description of its own for each caller: flock then holds between threads as well.
Result<Handle> LocalObjectStore::Lock() {
  Handle lock(disk_.Open(root_.get(), kLockFile, O_RDWR | O_CREAT));
  if (!lock.is_open()) return FailWithErrno(lock.error(), "opening the store's lock");
  if (const int locked = disk_.Lock(lock.get()); locked < 0) {
    return FailWithErrno(-locked, "locking the store");
  }
  return lock;
}

Result<std::int64_t> LocalObjectStore::NextStamp() {
  REVOPS_TRY_ASSIGN(const Handle lock, Lock());
  FileInfo info;
  if (const int stated = disk_.Stat(lock.get(), info); stated < 0) {
    return FailWithErrno(-stated, "reading the store's last stamp");
  }
  const std::int64_t now = clock_.Now().time_since_epoch().count() * kNanosecondsPerMillisecond;
  const std::int64_t last =
      info.modified_ns / kNanosecondsPerMicrosecond * kNanosecondsPerMicrosecond;
  const bool is_close = last >= now && last - now < kStampLeadMax;
  const std::int64_t stamp = is_close ? last + kNanosecondsPerMicrosecond : now;
  if (const int set = disk_.SetModified(lock.get(), stamp); set < 0) {
    return FailWithErrno(-set, "setting the store's last stamp");
  }
  return stamp;
}

Result<Handle> LocalObjectStore::OpenPendingFolder() {
  return EnsureFolder(disk_, root_.get(), kPendingFolder, ParentSync::kWhenMade);
}

Result<void> LocalObjectStore::WritePending(std::string_view bytes, std::int64_t stamp_ns,
                                            Pending& pending) {
  const Handle file(disk_.Open(pending.folder.get(), pending.name, O_WRONLY | O_CREAT | O_EXCL));
  if (!file.is_open()) return FailWithErrno(file.error(), "making a file");
  REVOPS_TRY(WriteAll(disk_, file.get(), bytes));
  if (const int set = disk_.SetModified(file.get(), stamp_ns); set < 0) {
    return FailWithErrno(-set, "stamping an object");
  }
  FileInfo info;
  if (const int stated = disk_.Stat(file.get(), info); stated < 0) {
    return FailWithErrno(-stated, "reading an object's stamp");
  }
  if (info.modified_ns != stamp_ns) {
    return Fail(ErrorCode::kUnsupported,
                "the file system keeps no microseconds in file times: use another data folder");
  }
  if (const int synced = disk_.Sync(file.get()); synced < 0) {
    return FailWithErrno(-synced, "fsync of an object");
  }
  pending.version = VersionOf(info);
  return {};
}

Result<Handle> LocalObjectStore::MakeFolders(const std::vector<std::string>& folders) {
  std::string path;
  REVOPS_TRY_ASSIGN(auto top, FindFolder(disk_, root_.get(), {}));
  REVOPS_CHECK(top.has_value());
  Handle at = *std::move(top);
  for (const auto& folder : folders) {
    path = Joined(path, folder);
    ParentSync sync = ParentSync::kAlways;
    {
      const std::lock_guard lock(durable_folders_mutex_);
      if (durable_folders_.contains(path)) sync = ParentSync::kWhenMade;
    }
    REVOPS_TRY_ASSIGN(at, EnsureFolder(disk_, at.get(), folder, sync));
    const std::lock_guard lock(durable_folders_mutex_);
    durable_folders_.insert(path);
  }
  return at;
}

Result<void> LocalObjectStore::CheckCondition(const std::string& key, int folder,
                                              const std::string& name,
                                              const PutCondition& condition) {
  if (condition.kind == PutCondition::Kind::kNone) return {};
  REVOPS_TRY_ASSIGN(const auto found, FindFile(disk_, folder, name));
  const bool holds = condition.kind == PutCondition::Kind::kIfAbsent
                         ? !found
                         : found && VersionOf(found->info) == condition.version;
  if (holds) return {};
  return Fail(ErrorCode::kAlreadyExists, "object '" + key + "' is not in the expected version");
}

Result<void> LocalObjectStore::AddFolder(const std::string& folder, std::string_view prefix,
                                         std::vector<std::string>& folders,
                                         std::vector<ObjectInfo>& infos) {
  FilePath path = ToFilePath(folder);
  if (!folder.empty()) path.folders.push_back(path.name);
  REVOPS_TRY_ASSIGN(const auto handle, FindFolder(disk_, root_.get(), path.folders));
  if (!handle) return {};
  std::vector<std::string> names;
  if (const int listed = disk_.Names(handle->get(), names); listed < 0) {
    return FailWithErrno(-listed, "listing a folder");
  }
  for (const auto& name : names) {
    const std::string key = Joined(folder, name);
    if (!key.starts_with(prefix) || !is_valid_key(key)) continue;
    REVOPS_TRY_ASSIGN(const auto info, Examine(disk_, handle->get(), name));
    if (!info) continue;
    if (info->kind == FileInfo::Kind::kFolder) folders.push_back(key);
    if (info->kind == FileInfo::Kind::kFile) {
      infos.push_back({key, info->size_bytes, ModifiedAt(*info)});
    }
  }
  return {};
}

void LocalObjectStore::RemoveDeadPending() {
  const auto found = FindFolder(disk_, root_.get(), {kPendingFolder});
  if (!found) return;
  const std::optional<Handle>& folder = *found;
  std::vector<std::string> names;
  if (!folder || disk_.Names(folder->get(), names) < 0) return;
  for (const auto& name : names) {
    const auto examined = Examine(disk_, folder->get(), name);
    if (!examined) continue;
    const std::optional<FileInfo>& info = *examined;
    if (!info || info->kind != FileInfo::Kind::kFile) continue;
    if (ModifiedAt(*info) < clock_.Now() - kPendingAgeMax) {
      disk_.Remove(folder->get(), name, false);
    }
  }
}

}  // namespace revops::store
