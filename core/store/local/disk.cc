#include "core/store/local/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include <dirent.h>

namespace revops::store {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr mode_t kOwnerFile = 0600;
constexpr mode_t kOwnerFolder = 0700;

template <class T>
T OrErrno(T result) {
  return result < 0 ? static_cast<T>(-errno) : result;
}

/// Repeats a call that a signal interrupted.
template <class Call>
auto Retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return OrErrno(result);
}

FileInfo::Kind KindOf(mode_t mode) {
  if (S_ISREG(mode)) return FileInfo::Kind::kFile;
  return S_ISDIR(mode) ? FileInfo::Kind::kFolder : FileInfo::Kind::kOther;
}

FileInfo InfoOf(const struct stat& status) {
  return {.kind = KindOf(status.st_mode),
          .size_bytes = static_cast<std::uint64_t>(status.st_size),
          .inode = status.st_ino,
          .modified_ns = status.st_mtim.tv_sec * kNanosecondsPerSecond + status.st_mtim.tv_nsec};
}

timespec ToTimespec(std::int64_t ns) {
  timespec time{};
  time.tv_sec = ns / kNanosecondsPerSecond;
  time.tv_nsec = ns % kNanosecondsPerSecond;
  if (time.tv_nsec < 0) {
    time.tv_sec -= 1;
    time.tv_nsec += kNanosecondsPerSecond;
  }
  return time;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

int PosixDisk::OpenRoot(const std::string& path) {
  return Retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
}

int PosixDisk::Open(int folder, const std::string& name, int flags) {
  // O_NONBLOCK: a FIFO under the name of an object must not hold the caller up.
  const int all = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  return Retried([&] { return ::openat(folder, name.c_str(), all, kOwnerFile); });
}

int PosixDisk::MakeFolder(int folder, const std::string& name) {
  return OrErrno(::mkdirat(folder, name.c_str(), kOwnerFolder));
}

ssize_t PosixDisk::Read(int file, char* into, std::size_t size) {
  return Retried([&] { return ::read(file, into, size); });
}

ssize_t PosixDisk::Write(int file, const char* from, std::size_t size) {
  return Retried([&] { return ::write(file, from, size); });
}

int PosixDisk::Stat(int file, FileInfo& info) {
  struct stat status{};
  const int result = OrErrno(::fstat(file, &status));
  if (result == 0) info = InfoOf(status);
  return result;
}

int PosixDisk::StatName(int folder, const std::string& name, FileInfo& info) {
  struct stat status{};
  const int result = OrErrno(::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW));
  if (result == 0) info = InfoOf(status);
  return result;
}

int PosixDisk::SetModified(int file, std::int64_t modified_ns) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, ToTimespec(modified_ns)};
  return OrErrno(::futimens(file, times));
}

// Not repeated after EINTR: whether the first one lost an error is unknown then.
int PosixDisk::Sync(int file) { return OrErrno(::fsync(file)); }

int PosixDisk::Lock(int file) {
  return Retried([&] { return ::flock(file, LOCK_EX); });
}

int PosixDisk::Rename(int from_folder, const std::string& from, int to_folder,
                      const std::string& to) {
  return OrErrno(::renameat(from_folder, from.c_str(), to_folder, to.c_str()));
}

int PosixDisk::Remove(int folder, const std::string& name, bool is_folder) {
  return OrErrno(::unlinkat(folder, name.c_str(), is_folder ? AT_REMOVEDIR : 0));
}

int PosixDisk::Names(int folder, std::vector<std::string>& names) {
  const int own =
      Retried([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (own < 0) return own;
  const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(own));
  if (!stream) {
    const int failure = -errno;
    ::close(own);
    return failure;
  }
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) return -errno;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
}

Handle::~Handle() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace revops::store
