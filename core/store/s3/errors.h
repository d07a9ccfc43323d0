#pragma once

#include <string>

#include "core/base/error.h"

namespace revops::store {

/// What a refusal of S3 says.
struct S3Failure {
  int status = 0;          ///< of HTTP
  std::string code;        ///< "NoSuchKey"; empty when the answer has none
  std::string message;     ///< the server's text
  std::string region;      ///< where the bucket lies, if it says so
  std::string request_id;  ///< for Amazon's support
};

/// What helps.
enum class S3Remedy {
  kNone,
  kRepeat,            ///< the same again, later
  kRenewCredentials,  ///< once more with new ones, if there are any
  kSetClock,          ///< once more, dated by the server's clock
};

/// By the first row of the table that fits, the code before the status.
S3Remedy RemedyOf(const S3Failure& failure);

/// Whether the request can have been carried out although it failed.
bool may_have_happened(const S3Failure& failure);

/// Our error for it: a message that says what to do, and the origin "s3:<code or status>".
Error ToError(const S3Failure& failure);

}  // namespace revops::store
