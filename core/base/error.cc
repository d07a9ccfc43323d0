#include "core/base/error.h"

#include <utility>

namespace revops {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kAlreadyExists:
      return "already_exists";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kPermissionDenied:
      return "permission_denied";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kResourceExhausted:
      return "resource_exhausted";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      break;
  }
  return "internal";
}

bool is_retryable(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout ||
         code == ErrorCode::kResourceExhausted;
}

std::string Describe(const Error& error) {
  std::string text;
  if (!error.context.empty()) text = error.context + ": ";
  text += error.message;
  if (!error.origin.empty()) text += " (" + error.origin + ")";
  return text;
}

Error WithContext(Error error, std::string_view context) {
  error.context =
      error.context.empty() ? std::string(context) : std::string(context) + ": " + error.context;
  return error;
}

}  // namespace revops
