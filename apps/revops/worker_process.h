#pragma once

#include <stop_token>
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

/// What a worker process gets: its descriptors 0, 1, 3, 4 and 5.
struct WorkerFiles {
  const Descriptor& input;
  const Descriptor& output;
  const Descriptor& refusals;
  const Descriptor& mapping;
  const Descriptor& rates;
};

/// What a worker ends with when the file is not to blame.
inline constexpr int kWorkerUnavailable = 3;

/// Runs this program again with `arguments` and waits; killed after 15 minutes, and at once when
/// `stop` is asked. A program that stands before this one (REVOPS_LAUNCHER, an absolute path) is
/// run instead.
/// Errors: kInvalidArgument with the worker's message when it refuses its input or dies of it;
///         kUnavailable with it when it ends with kWorkerUnavailable; kResourceExhausted when there
///         is no room for temporary files; kCancelled when it was stopped.
Result<void> RunWorker(const std::vector<std::string>& arguments, const WorkerFiles& files,
                       const std::stop_token& stop);

}  // namespace revops::app
