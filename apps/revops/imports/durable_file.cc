#include "apps/revops/imports/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Error DiskError(std::string_view what, const std::filesystem::path& file) {
  const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return {is_full ? ErrorCode::kResourceExhausted : ErrorCode::kUnavailable,
          std::string(what) + " " + file.string() + ": " + std::strerror(errno) +
              (is_full ? ". Make room on the disk, then try again" : ""),
          {},
          {}};
}

Result<void> ReplaceFile(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::path fresh = file;
  fresh += ".new";
  {
    const Descriptor out(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!out || !WriteAll(out.get(), bytes) || fsync(out.get()) != 0) {
      const Error error = DiskError("cannot write", file);
      unlink(fresh.c_str());
      return Fail(error);
    }
  }
  if (rename(fresh.c_str(), file.c_str()) != 0) return Fail(DiskError("cannot write", file));
  const Descriptor folder(open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return Fail(DiskError("cannot write", file));
  return {};
}

Result<std::optional<std::string>> ReadWholeFile(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::optional<std::string>();
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.is_open() && !in.bad()) return std::optional(std::move(bytes));
  return Fail(ErrorCode::kUnavailable, "cannot read " + file.string());
}

}  // namespace revops::app
