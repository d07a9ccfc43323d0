#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/net/http_client.h"

namespace revops::store {

/// A bucket, and where in it.
struct S3Place {
  std::string bucket;
  std::string prefix;  ///< empty, or segments of keys that each end in '/': "some/prefix/"

  friend bool operator==(const S3Place&, const S3Place&) = default;
};

/// "s3://bucket", "s3://bucket/some/prefix" with or without a '/' at its end.
/// Errors: kInvalidArgument for anything else.
Result<S3Place> ParseS3Url(std::string_view url);

struct S3Config {
  S3Place place;
  std::string region;  ///< "eu-west-1"
  /// Another server than Amazon's, addressed by path.
  std::optional<net::HttpOrigin> endpoint;
  /// For one operation with all its attempts (a List: for each page). A Put has a second more for
  /// each MiB; a Get has to be done with its whole object by then.
  std::chrono::milliseconds operation_timeout{20'000};
  /// Keeps the small objects that were read last, and asks S3 with If-None-Match whether they have
  /// changed: for who reads the pointer with every call. Not for who reads every byte to see it.
  bool keeps_small_objects = false;
};

/// Errors: kInvalidArgument for what cannot be a bucket, prefix, region or time.
Result<void> CheckS3Config(const S3Config& config);

/// Whom to ask, and what comes before a key in the path.
struct S3Address {
  net::HttpOrigin origin;
  std::string bucket_path;  ///< of the bucket itself: "/" or "/bucket"
  std::string key_path;     ///< "/" or "/bucket/"
};

/// The bucket's own host; by path for a bucket with dots, which no certificate covers, and for
/// another server.
S3Address AddressOf(const S3Config& config);

}  // namespace revops::store
