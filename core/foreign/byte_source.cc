#include "core/foreign/byte_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace revops::foreign {

Result<DescriptorSource> DescriptorSource::Open(int fd) {
  struct stat status{};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument, "it is not a regular file");
  }
  return DescriptorSource(fd, static_cast<std::uint64_t>(status.st_size));
}

Result<std::size_t> DescriptorSource::ReadAt(std::uint64_t offset, std::span<char> out) const {
  for (;;) {
    const ssize_t got = pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return Fail(ErrorCode::kUnavailable, "the file cannot be read");
  }
}

Result<std::size_t> MemorySource::ReadAt(std::uint64_t offset, std::span<char> out) const {
  if (offset >= bytes_.size()) return std::size_t{0};
  const auto rest = bytes_.subspan(offset);
  const std::size_t count = std::min(rest.size(), out.size());
  std::copy_n(rest.begin(), count, out.begin());
  return count;
}

}  // namespace revops::foreign
