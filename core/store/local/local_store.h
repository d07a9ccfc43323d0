#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/local/disk.h"
#include "core/store/object_store.h"

namespace revops::store {

struct LocalStoreConfig {
  /// Created with its parents when missing.
  std::filesystem::path folder;
};

/// Objects as plain files in a folder: the file "a/b" below it holds the object "a/b".
///
/// Names that no key can have, because '~' is not allowed in one, are the store's own:
///   ~pending/   files that are being written
///   ~lock       flock'ed while a Put commits; its time of modification is the last stamp given
///
/// Put: write a file in ~pending, set its time of modification to a stamp, fsync; under the lock
/// check the condition and rename; fsync the folder, and before that every parent whose entry for
/// the next folder this process has not yet seen reach the disk. A file is never written again
/// after its fsync, also not when that failed.
///
/// Version: inode, size and stamp. Stamps are given out under the lock, each later than the one
/// before by a microsecond or more, so that no two Puts of any process share one.
///
/// Symbolic links below the folder are not followed; the folder itself may be one.
class LocalObjectStore final : public ObjectStore {
 public:
  /// `disk` and `clock` must outlive the store. Removes files in ~pending that are older than an
  /// hour: their writers are dead. A full or read-only disk does not keep a folder that exists
  /// from being opened.
  /// Errors: kPermissionDenied, kResourceExhausted, kInvalidArgument (the path is a file),
  ///         kUnavailable.
  static Result<std::unique_ptr<LocalObjectStore>> Open(const LocalStoreConfig& config, Disk& disk,
                                                        const Clock& clock);

  Result<Object> Get(std::string_view key) override;
  /// Further errors: kUnavailable also when the disk failed after the rename: the new object may
  /// be there then.
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override;
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override;
  Result<void> Delete(std::string_view key) override;

 private:
  struct Pending;

  LocalObjectStore(Handle root, Disk& disk, const Clock& clock);

  Result<Handle> Lock();
  Result<std::int64_t> NextStamp();
  Result<Handle> OpenPendingFolder();
  Result<void> WritePending(std::string_view bytes, std::int64_t stamp_ns, Pending& pending);
  Result<Handle> MakeFolders(const std::vector<std::string>& folders);
  Result<void> CheckCondition(const std::string& key, int folder, const std::string& name,
                              const PutCondition& condition);
  Result<void> AddFolder(const std::string& folder, std::string_view prefix,
                         std::vector<std::string>& folders, std::vector<ObjectInfo>& infos);
  void RemoveDeadPending();

  Handle root_;
  Disk& disk_;
  const Clock& clock_;
  std::mutex durable_folders_mutex_;
  std::set<std::string> durable_folders_;
};

}  // namespace revops::store
