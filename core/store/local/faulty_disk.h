#pragma once

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/store/local/disk.h"

namespace revops::store {

/// A disk that fails on purpose, for tests. Calls are counted from 1; not thread-safe.
class FaultyDisk : public Disk {
 public:
  enum class Call {
    kOpen,
    kMakeFolder,
    kRead,
    kWrite,
    kStat,
    kSetModified,
    kSync,
    kLock,
    kRename,
    kRemove,
    kNames
  };

  /// The n-th call fails with the errno and does nothing. A write does half of its work first.
  void FailCall(int n, int number);
  /// Every call of the kind fails with the errno and does nothing.
  void FailEvery(Call call, int number);
  /// The n-th call and all later ones do nothing, as after the end of the process. A write does
  /// half of its work first.
  void StopAtCall(int n);
  /// Every write takes at most so many bytes.
  void ShortenWrites(std::size_t bytes_max) { write_bytes_max_ = bytes_max; }

  int calls() const { return calls_; }
  int count(Call call) const;
  bool is_stopped() const { return calls_ >= stop_at_; }

  int OpenRoot(const std::string& path) override;
  int Open(int folder, const std::string& name, int flags) override;
  int MakeFolder(int folder, const std::string& name) override;
  ssize_t Read(int file, char* into, std::size_t size) override;
  ssize_t Write(int file, const char* from, std::size_t size) override;
  int Stat(int file, FileInfo& info) override;
  int StatName(int folder, const std::string& name, FileInfo& info) override;
  int SetModified(int file, std::int64_t modified_ns) override;
  int Sync(int file) override;
  int Lock(int file) override;
  int Rename(int from_folder, const std::string& from, int to_folder,
             const std::string& to) override;
  int Remove(int folder, const std::string& name, bool is_folder) override;
  int Names(int folder, std::vector<std::string>& names) override;

 private:
  /// 0, or −errno when this call must fail.
  int Enter(Call call);

  PosixDisk disk_;
  int calls_ = 0;
  int stop_at_ = std::numeric_limits<int>::max();
  std::optional<std::pair<int, int>> failure_;
  std::map<Call, int> failing_;
  std::map<Call, int> counts_;
  std::size_t write_bytes_max_ = std::numeric_limits<std::size_t>::max();
};

/// A disk whose power can be cut: CutPower takes back all that no fsync made lasting – bytes of
/// files, names of files, folders – as the least reliable file system may.
class PowerCutDisk final : public FaultyDisk {
 public:
  /// `aside` is a folder on the same file system, for what a rename replaces.
  explicit PowerCutDisk(std::string aside) : aside_(std::move(aside)) {}

  /// `root` is the folder of the store.
  void CutPower(const std::string& root);

  ssize_t Write(int file, const char* from, std::size_t size) override;
  int MakeFolder(int folder, const std::string& name) override;
  int Sync(int file) override;
  int Rename(int from_folder, const std::string& from, int to_folder,
             const std::string& to) override;

 private:
  /// A name that is not lasting yet.
  struct NewName {
    std::string folder;
    std::string path;
    std::optional<std::string> replaced;
  };

  std::string aside_;
  int set_aside_ = 0;
  std::set<std::uint64_t> unsynced_inodes_;
  std::vector<NewName> new_names_;
};

}  // namespace revops::store
