#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::app {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// A file without a name, gone with its last descriptor.
Result<Descriptor> MakeTemporaryFile();

/// A file's bytes, mapped for reading; unmapped with the object.
class MappedFile {
 public:
  static Result<MappedFile> Map(const Descriptor& file);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}

  void* data_;
  std::size_t size_;
};

/// Runs this program again with `arguments`, its descriptors 0, 1 and 3 as given, and waits; killed
/// after 15 minutes.
/// Errors: kInvalidArgument with the worker's message when it refuses its input or dies of it.
Result<void> RunWorker(const std::vector<std::string>& arguments, const Descriptor& input,
                       const Descriptor& output, const Descriptor& refusals);

}  // namespace revops::app
