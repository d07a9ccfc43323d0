#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace revops::store {

/// What the local store must know of a file.
struct FileInfo {
  enum class Kind { kFile, kFolder, kOther };
  Kind kind = Kind::kOther;
  std::uint64_t size_bytes = 0;
  std::uint64_t inode = 0;
  /// Nanoseconds since 1970.
  std::int64_t modified_ns = 0;
};

/// The calls to the operating system that the local store makes, so that tests can let each of
/// them fail. Thread-safe.
///
/// Results: as the POSIX call of that name, but −errno in place of −1. Names are relative to an
///          open folder, hold no '/', and symbolic links are not followed.
class Disk {
 public:
  virtual ~Disk() = default;

  /// A folder by its absolute path, symbolic links followed.
  virtual int OpenRoot(const std::string& path) = 0;
  /// openat with `flags`; a new file is for its owner alone.
  virtual int Open(int folder, const std::string& name, int flags) = 0;
  virtual int MakeFolder(int folder, const std::string& name) = 0;
  virtual std::ptrdiff_t Read(int file, char* into, std::size_t size) = 0;
  virtual std::ptrdiff_t Write(int file, const char* from, std::size_t size) = 0;
  virtual int Stat(int file, FileInfo& info) = 0;
  virtual int StatName(int folder, const std::string& name, FileInfo& info) = 0;
  /// Sets the time of modification.
  virtual int SetModified(int file, std::int64_t modified_ns) = 0;
  /// fsync, of a file or a folder.
  virtual int Sync(int file) = 0;
  /// Waits for the exclusive flock; closing the file, or the end of the process, lets it go.
  virtual int Lock(int file) = 0;
  virtual int Rename(int from_folder, const std::string& from, int to_folder,
                     const std::string& to) = 0;
  /// Removes a file or, if `is_folder`, an empty folder.
  virtual int Remove(int folder, const std::string& name, bool is_folder) = 0;
  /// What the folder holds, without "." and "..", in any order.
  virtual int Names(int folder, std::vector<std::string>& names) = 0;
};

class PosixDisk final : public Disk {
 public:
  int OpenRoot(const std::string& path) override;
  int Open(int folder, const std::string& name, int flags) override;
  int MakeFolder(int folder, const std::string& name) override;
  std::ptrdiff_t Read(int file, char* into, std::size_t size) override;
  std::ptrdiff_t Write(int file, const char* from, std::size_t size) override;
  int Stat(int file, FileInfo& info) override;
  int StatName(int folder, const std::string& name, FileInfo& info) override;
  int SetModified(int file, std::int64_t modified_ns) override;
  int Sync(int file) override;
  int Lock(int file) override;
  int Rename(int from_folder, const std::string& from, int to_folder,
             const std::string& to) override;
  int Remove(int folder, const std::string& name, bool is_folder) override;
  int Names(int folder, std::vector<std::string>& names) override;
};

/// Owns what Disk opened, and closes it.
class Handle {
 public:
  /// Takes what Disk::Open returned, also −errno.
  explicit Handle(int fd) : fd_(fd) {}
  ~Handle();
  Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  /// The errno of an open that failed.
  int error() const { return -fd_; }

 private:
  int fd_;
};

}  // namespace revops::store
