#include "apps/revops/imports/disk_upload.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "apps/revops/imports/durable_file.h"

namespace revops::app {

DiskUpload::~DiskUpload() {
  if (file_ && !is_kept_) journal_.Remove(id_);
}

Result<void> DiskUpload::Open() {
  REVOPS_TRY(journal_.Make(id_));
  file_.emplace(open(journal_.file(id_).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (*file_) return {};
  return Fail(DiskError("cannot write", journal_.file(id_)));
}

Result<void> DiskUpload::Write(std::string_view piece) {
  if (refusal_) return Fail(*refusal_);
  if (!file_) REVOPS_TRY(Open());
  while (!piece.empty()) {
    const ssize_t written = write(file_->get(), piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fail(DiskError("cannot write", journal_.file(id_)));
    piece.remove_prefix(static_cast<std::size_t>(written));
    size_bytes_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> DiskUpload::Keep() {
  if (refusal_) return Fail(*refusal_);
  if (size_bytes_ == 0) return Fail(ErrorCode::kInvalidArgument, "The file is empty.");
  if (fsync(file_->get()) != 0) return Fail(DiskError("cannot write", journal_.file(id_)));
  is_kept_ = true;
  return {};
}

}  // namespace revops::app
