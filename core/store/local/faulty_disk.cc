#include "core/store/local/faulty_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace revops::store {
namespace {

namespace fs = std::filesystem;

std::string PathOf(int fd) { return fs::read_symlink("/proc/self/fd/" + std::to_string(fd)); }

std::uint64_t InodeOf(int fd) {
  struct stat status{};
  return ::fstat(fd, &status) == 0 ? status.st_ino : 0;
}

std::uint64_t InodeOf(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

void FaultyDisk::FailCall(int n, int number) { failure_ = {n, number}; }

void FaultyDisk::FailEvery(Call call, int number) { failing_[call] = number; }

void FaultyDisk::StopAtCall(int n) { stop_at_ = n; }

int FaultyDisk::count(Call call) const {
  const auto found = counts_.find(call);
  return found == counts_.end() ? 0 : found->second;
}

int FaultyDisk::Enter(Call call) {
  ++calls_;
  ++counts_[call];
  if (is_stopped()) return -EIO;
  if (failure_ && failure_->first == calls_) return -failure_->second;
  const auto failing = failing_.find(call);
  return failing == failing_.end() ? 0 : -failing->second;
}

int FaultyDisk::OpenRoot(const std::string& path) {
  const int failed = Enter(Call::kOpen);
  return failed < 0 ? failed : disk_.OpenRoot(path);
}

int FaultyDisk::Open(int folder, const std::string& name, int flags) {
  const int failed = Enter(Call::kOpen);
  return failed < 0 ? failed : disk_.Open(folder, name, flags);
}

int FaultyDisk::MakeFolder(int folder, const std::string& name) {
  const int failed = Enter(Call::kMakeFolder);
  return failed < 0 ? failed : disk_.MakeFolder(folder, name);
}

ssize_t FaultyDisk::Read(int file, char* into, std::size_t size) {
  const int failed = Enter(Call::kRead);
  return failed < 0 ? failed : disk_.Read(file, into, size);
}

ssize_t FaultyDisk::Write(int file, const char* from, std::size_t size) {
  const bool was_stopped = is_stopped();
  const int failed = Enter(Call::kWrite);
  if (failed == 0) return disk_.Write(file, from, std::min(size, write_bytes_max_));
  if (!was_stopped) disk_.Write(file, from, size / 2);
  return failed;
}

int FaultyDisk::Stat(int file, FileInfo& info) {
  const int failed = Enter(Call::kStat);
  return failed < 0 ? failed : disk_.Stat(file, info);
}

int FaultyDisk::StatName(int folder, const std::string& name, FileInfo& info) {
  const int failed = Enter(Call::kStat);
  return failed < 0 ? failed : disk_.StatName(folder, name, info);
}

int FaultyDisk::SetModified(int file, std::int64_t modified_ns) {
  const int failed = Enter(Call::kSetModified);
  return failed < 0 ? failed : disk_.SetModified(file, modified_ns);
}

int FaultyDisk::Sync(int file) {
  const int failed = Enter(Call::kSync);
  return failed < 0 ? failed : disk_.Sync(file);
}

int FaultyDisk::Lock(int file) {
  const int failed = Enter(Call::kLock);
  return failed < 0 ? failed : disk_.Lock(file);
}

int FaultyDisk::Rename(int from_folder, const std::string& from, int to_folder,
                       const std::string& to) {
  const int failed = Enter(Call::kRename);
  return failed < 0 ? failed : disk_.Rename(from_folder, from, to_folder, to);
}

int FaultyDisk::Remove(int folder, const std::string& name, bool is_folder) {
  const int failed = Enter(Call::kRemove);
  return failed < 0 ? failed : disk_.Remove(folder, name, is_folder);
}

int FaultyDisk::Names(int folder, std::vector<std::string>& names) {
  const int failed = Enter(Call::kNames);
  return failed < 0 ? failed : disk_.Names(folder, names);
}

ssize_t PowerCutDisk::Write(int file, const char* from, std::size_t size) {
  unsynced_inodes_.insert(InodeOf(file));
  return FaultyDisk::Write(file, from, size);
}

int PowerCutDisk::MakeFolder(int folder, const std::string& name) {
  const int made = FaultyDisk::MakeFolder(folder, name);
  if (made == 0) new_names_.push_back({PathOf(folder), PathOf(folder) + "/" + name, {}});
  return made;
}

int PowerCutDisk::Sync(int file) {
  const int synced = FaultyDisk::Sync(file);
  if (synced != 0) return synced;
  unsynced_inodes_.erase(InodeOf(file));
  std::erase_if(new_names_,
                [folder = PathOf(file)](const NewName& name) { return name.folder == folder; });
  return synced;
}

int PowerCutDisk::Rename(int from_folder, const std::string& from, int to_folder,
                         const std::string& to) {
  NewName name{PathOf(to_folder), PathOf(to_folder) + "/" + to, {}};
  const std::string kept = aside_ + "/" + std::to_string(++set_aside_);
  std::error_code failure;
  fs::create_hard_link(name.path, kept, failure);
  if (!failure) name.replaced = kept;
  const int renamed = FaultyDisk::Rename(from_folder, from, to_folder, to);
  if (renamed == 0) new_names_.push_back(std::move(name));
  return renamed;
}

void PowerCutDisk::CutPower(const std::string& root) {
  StopAtCall(0);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const bool is_lost = unsynced_inodes_.contains(InodeOf(entry.path().string()));
    if (entry.is_regular_file() && is_lost) fs::resize_file(entry.path(), 0);
  }
  for (auto name = new_names_.rbegin(); name != new_names_.rend(); ++name) {
    fs::remove_all(name->path);
    if (name->replaced) fs::rename(*name->replaced, name->path);
  }
}

}  // namespace revops::store
