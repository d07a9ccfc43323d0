#include "core/store/s3/config.h"

#include <algorithm>

#include "core/store/object_store.h"

namespace revops::store {
namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::size_t kBucketMin = 3;
constexpr std::size_t kBucketMax = 63;
constexpr std::size_t kRegionMax = 32;
/// A key of the store has 512 bytes at most, one of S3 1,024.
constexpr std::size_t kPrefixMax = 512;
constexpr std::uint16_t kHttpsPort = 443;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_bucket(std::string_view name) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; };
  return name.size() >= kBucketMin && name.size() <= kBucketMax &&
         std::all_of(name.begin(), name.end(), fits) && is_letter_or_digit(name.front()) &&
         is_letter_or_digit(name.back()) && name.find("..") == std::string_view::npos;
}

bool is_region(std::string_view name) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-'; };
  return !name.empty() && name.size() <= kRegionMax && std::all_of(name.begin(), name.end(), fits);
}

bool is_prefix(std::string_view prefix) {
  if (prefix.empty()) return true;
  return prefix.size() <= kPrefixMax && prefix.ends_with('/') &&
         is_valid_key(prefix.substr(0, prefix.size() - 1));
}

}  // namespace

Result<S3Place> ParseS3Url(std::string_view url) {
  std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : "";
  const auto slash = rest.find('/');
  S3Place place{std::string(rest.substr(0, slash)), {}};
  if (slash != std::string_view::npos) place.prefix = rest.substr(slash + 1);
  if (!place.prefix.empty() && !place.prefix.ends_with('/')) place.prefix += '/';
  if (is_bucket(place.bucket) && is_prefix(place.prefix)) return place;
  return Fail(ErrorCode::kInvalidArgument,
              "'" + std::string(url) +
                  "' is not s3://BUCKET or s3://BUCKET/PREFIX with letters, digits, '.', '_' and "
                  "'-' in the prefix");
}

Result<void> CheckS3Config(const S3Config& config) {
  const auto wrong = [](const std::string& what) {
    return Fail(ErrorCode::kInvalidArgument, "S3: " + what);
  };
  if (!is_bucket(config.place.bucket)) return wrong("not the name of a bucket");
  if (!is_prefix(config.place.prefix)) return wrong("not a prefix of keys");
  if (!is_region(config.region)) return wrong("not the name of a region, e.g. eu-west-1");
  if (config.operation_timeout.count() <= 0) return wrong("no time for an operation");
  return {};
}

S3Address AddressOf(const S3Config& config) {
  const std::string& bucket = config.place.bucket;
  const std::string domain =
      config.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  const std::string service = "s3." + config.region + domain;
  const bool by_path = config.endpoint || bucket.find('.') != std::string::npos;
  if (!by_path) return {{true, bucket + "." + service, kHttpsPort}, "/", "/"};
  const net::HttpOrigin amazon{true, service, kHttpsPort};
  return {config.endpoint.value_or(amazon), "/" + bucket, "/" + bucket + "/"};
}

}  // namespace revops::store
