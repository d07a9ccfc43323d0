#pragma once

#include <string>
#include <string_view>

namespace revops {

enum class ErrorCode {
  kInvalidArgument,
  kNotFound,
  kAlreadyExists,
  kUnauthenticated,
  kPermissionDenied,
  kUnavailable,
  kTimeout,
  kResourceExhausted,
  kCorrupt,
  kUnsupported,
  kCancelled,
  kInternal,
};

/// The stable name that logs and answers carry, e.g. "invalid_argument".
std::string_view ToString(ErrorCode code);

/// Whether the same call may succeed later without anybody changing anything.
bool is_retryable(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  /// One line for an operator: what happened and what to do. No row data, no credentials.
  std::string message;
  /// The vendor and its code, e.g. "duckdb:io"; empty for errors of our own.
  std::string origin;
  /// What was being done, outermost first, e.g. "refresh: reading days".
  std::string context;
};

/// "context: message (origin)", the parts that are there.
std::string Describe(const Error& error);

/// The same error, seen from one layer further out.
Error WithContext(Error error, std::string_view context);

}  // namespace revops
