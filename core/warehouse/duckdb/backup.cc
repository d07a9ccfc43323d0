// A copy of the files, made while no write can begin: the database file through the descriptor
// that the engine holds (closing another one would drop DuckDB's lock) and the write-ahead log,
// which holds what readers of older states keep DuckDB from moving into the file. Opening the copy
// once folds the log into it; then it gets its name.

#include "core/warehouse/duckdb/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "core/warehouse/duckdb/errors.h"

namespace revops::warehouse {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 20U;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

/// Removes what an unfinished copy left.
class Cleanup {
 public:
  explicit Cleanup(std::filesystem::path file) : file_(std::move(file)) { Remove(); }
  ~Cleanup() { Remove(); }
  Cleanup(const Cleanup&) = delete;
  Cleanup& operator=(const Cleanup&) = delete;

 private:
  void Remove() const {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    std::filesystem::remove(file_.string() + ".wal", ignored);
  }

  std::filesystem::path file_;
};

Unexpected Failed(const std::filesystem::path& file, int number) {
  const bool is_full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return Fail(
      is_full ? ErrorCode::kResourceExhausted : ErrorCode::kUnavailable,
      "The copy " + file.string() + " could not be written: " + std::strerror(number) + ".");
}

Result<void> WriteAll(int to, const char* bytes, std::size_t size,
                      const std::filesystem::path& name) {
  while (size > 0) {
    const ssize_t written = ::write(to, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(name, errno);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

/// All bytes of `from`, whatever its position.
Result<void> CopyBytes(int from, const std::filesystem::path& name) {
  const Descriptor to(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (to.get() < 0) return Failed(name, errno);
  std::vector<char> buffer(kCopyBytes);
  for (off_t offset = 0;;) {
    const ssize_t read = ::pread(from, buffer.data(), buffer.size(), offset);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(name, errno);
    if (read == 0) break;
    REVOPS_TRY(WriteAll(to.get(), buffer.data(), static_cast<std::size_t>(read), name));
    offset += read;
  }
  if (::fsync(to.get()) != 0) return Failed(name, errno);
  return {};
}

Result<void> CopyFiles(Engine& engine, const std::filesystem::path& copy) {
  REVOPS_TRY_ASSIGN(const auto still, engine.LockStill({}));
  REVOPS_TRY(CopyBytes(engine.file_descriptor(), copy));
  const std::string log_name = engine.config().file.string() + ".wal";
  const Descriptor log(::open(log_name.c_str(), O_RDONLY | O_CLOEXEC));
  if (log.get() < 0) return errno == ENOENT ? Result<void>() : Failed(copy, errno);
  return CopyBytes(log.get(), copy.string() + ".wal");
}

/// Replays the log of the copy and leaves one file.
Result<void> Fold(const std::filesystem::path& copy) {
  REVOPS_TRY_ASSIGN(const auto engine, Engine::Open({copy, "UTC", 1, std::size_t{1} << 28U}));
  REVOPS_TRY_ASSIGN(const auto session, engine->Connect({}));
  return session->Run("CHECKPOINT");
}

Result<void> SyncFile(const std::filesystem::path& name, int flags) {
  const Descriptor file(::open(name.c_str(), flags | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return Failed(name, errno);
  return {};
}

}  // namespace

Result<void> CopyDatabase(Engine& engine, const std::filesystem::path& file) {
  if (engine.file_descriptor() < 0) {
    return Fail(ErrorCode::kUnsupported, "A database in memory has no file to copy.");
  }
  const std::filesystem::path unfinished = file.string() + ".part";
  const Cleanup cleanup(unfinished);
  REVOPS_TRY(CopyFiles(engine, unfinished));
  REVOPS_TRY(Fold(unfinished));
  REVOPS_TRY(SyncFile(unfinished, O_RDONLY));
  std::error_code failure;
  std::filesystem::rename(unfinished, file, failure);
  if (failure) return Failed(file, failure.value());
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  return SyncFile(folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace revops::warehouse
