#include "apps/revops/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/money.h"

namespace revops::app {
namespace {

constexpr int kFolderFormat = 1;

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string text;
  std::getline(in, text);
  return text;
}

Unexpected SystemFailure(const std::string& what) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::kResourceExhausted
                         : errno == EACCES || errno == EPERM || errno == EROFS
                             ? ErrorCode::kPermissionDenied
                             : ErrorCode::kUnavailable;
  return Fail(code, what + ": " + std::strerror(errno));
}

}  // namespace

Result<void> DataFolder::Prepare() const {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable,
                "cannot create the data folder " + path.string() + ": " + error.message());
  }
  const std::string text = ReadText(format_file());
  if (!text.empty()) {
    const auto format = ParseDecimal(text);
    if (!format || *format > kFolderFormat) {
      return Fail(ErrorCode::kUnsupported,
                  "the data folder " + path.string() + " was written by a newer version (format " +
                      text + ", this program knows " + std::to_string(kFolderFormat) +
                      "): use that version; nothing was changed");
    }
    return {};
  }
  std::ofstream out(format_file());
  out << kFolderFormat << '\n';
  return {};
}

Result<void> DataFolder::WriteLabel(std::string_view label) const {
  if (std::filesystem::exists(config_file())) return {};
  std::ofstream out(config_file());
  out << "# Made-up data; the page says so.\n[deployment]\nlabel = \"" << label << "\"\n";
  out.flush();
  if (out) return {};
  return Fail(ErrorCode::kResourceExhausted, "cannot write " + config_file().string());
}

Result<std::unique_ptr<FolderLock>> FolderLock::Take(const DataFolder& folder) {
  const int fd = open(folder.lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return SystemFailure("cannot open " + folder.lock_file().string());
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    const std::string holder = LockHolder(folder);
    return Fail(ErrorCode::kAlreadyExists, "another revops process" +
                                               (holder.empty() ? "" : " (" + holder + ")") +
                                               " is using " + folder.path.string() +
                                               ": stop it, or choose another folder with --data");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(fd, 0) == 0 && pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    errno = 0;  // The pid only serves messages; a full disk must not keep anybody out.
  }
  return std::unique_ptr<FolderLock>(new FolderLock(fd));
}

FolderLock::~FolderLock() { close(fd_); }

std::string LockHolder(const DataFolder& folder) {
  const std::string pid = ReadText(folder.lock_file());
  return pid.empty() ? "" : "pid " + pid;
}

}  // namespace revops::app
