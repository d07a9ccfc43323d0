#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/result.h"

namespace revops::foreign {

/// Bytes that can be read from any place.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// As many as there are from `offset`, up to the room that `out` has; 0: the end.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) const = 0;
};

/// A file's descriptor, which stays the caller's.
class DescriptorSource final : public ByteSource {
 public:
  static Result<DescriptorSource> Open(int fd);
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) const override;

 private:
  DescriptorSource(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  int fd_;
  std::uint64_t size_;
};

/// Bytes in memory, which stay the caller's.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const char> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> out) const override;

 private:
  std::span<const char> bytes_;
};

}  // namespace revops::foreign
