#include "core/store/local/errors.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace revops::store {
namespace {

struct Mapping {
  int number;
  ErrorCode code;
  std::string_view advice;
};

constexpr std::array kMappings = {
    Mapping{ENOSPC, ErrorCode::kResourceExhausted, "free some space"},
    Mapping{EDQUOT, ErrorCode::kResourceExhausted, "free some space or raise the quota"},
    Mapping{EFBIG, ErrorCode::kResourceExhausted, "raise the file size limit"},
    Mapping{EMFILE, ErrorCode::kResourceExhausted, "raise the limit of open files"},
    Mapping{ENFILE, ErrorCode::kResourceExhausted, "raise the system's limit of open files"},
    Mapping{ENOMEM, ErrorCode::kResourceExhausted, "free some memory"},
    Mapping{ENOLCK, ErrorCode::kResourceExhausted, "the system has no locks left"},
    Mapping{EACCES, ErrorCode::kPermissionDenied, "check owner and mode of the data folder"},
    Mapping{EPERM, ErrorCode::kPermissionDenied, "check owner and mode of the data folder"},
    Mapping{EROFS, ErrorCode::kPermissionDenied, "the file system is mounted read-only"},
    Mapping{EIO, ErrorCode::kUnavailable, "the disk reports an error, check its health"},
    Mapping{ESTALE, ErrorCode::kUnavailable, "the network file system lost the file, try again"},
    Mapping{EINTR, ErrorCode::kUnavailable, "interrupted, try again"},
    Mapping{ENOENT, ErrorCode::kUnavailable, "it vanished meanwhile, try again"},
    Mapping{ENOTDIR, ErrorCode::kInvalidArgument, "a file stands where a folder must be"},
    Mapping{EISDIR, ErrorCode::kInvalidArgument, "a folder stands where an object must be"},
    Mapping{ELOOP, ErrorCode::kCorrupt, "a symbolic link stands in the data folder, remove it"},
    Mapping{ENXIO, ErrorCode::kCorrupt, "something else than a file stands in the data folder"},
};

}  // namespace

Unexpected FailWithErrno(int number, std::string_view doing) {
  Mapping mapping{number, ErrorCode::kInternal, ""};
  for (const auto& known : kMappings) {
    if (known.number == number) mapping = known;
  }
  const char* name = ::strerrorname_np(number);
  std::string message = std::string(doing) + " failed: ";
  message += mapping.advice.empty() ? "unexpected answer of the operating system" : mapping.advice;
  return Fail(mapping.code, std::move(message),
              "disk:" + (name != nullptr ? std::string(name) : std::to_string(number)));
}

}  // namespace revops::store
