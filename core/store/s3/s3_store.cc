#include "core/store/s3/s3_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/random.h"
#include "core/store/s3/answers.h"
#include "core/store/s3/checksum.h"

namespace revops::store {
namespace {

constexpr std::size_t kObjectBytesMax = 1024UL * 1024 * 1024;
/// A page of a thousand keys of 1,024 bytes, each percent-encoded, with room.
constexpr std::size_t kAnswerBytesMax = 16UL * 1024 * 1024;
constexpr std::size_t kPutBytesPerSecond = 1024UL * 1024;
constexpr std::size_t kPagesMax = 20'000;
constexpr int kNotModified = 304;
constexpr int kNotFound = 404;
/// What is kept: the pointer is a few hundred bytes, and a call reads few things besides.
constexpr std::size_t kKeptBytesMax = 16UL * 1024;
constexpr std::size_t kKeptMax = 4;
/// Metadata of every object: which Put call wrote it.
constexpr const char* kPutIdField = "x-amz-meta-revops-put";

Result<void> CheckKey(std::string_view key) {
  if (is_valid_key(key)) return {};
  return Fail(ErrorCode::kInvalidArgument, "not a key of the store: '" + std::string(key) + "'");
}

Unexpected NotFound(std::string_view key) {
  return Fail(ErrorCode::kNotFound, "no object '" + std::string(key) + "'");
}

Unexpected ConditionFailed(std::string_view key) {
  return Fail(ErrorCode::kAlreadyExists,
              "object '" + std::string(key) + "' is not in the expected version");
}

Unexpected Unknown(std::string_view key) {
  return Fail(ErrorCode::kUnavailable,
              "S3: the answer to writing '" + std::string(key) +
                  "' was lost, and it has been written since: whether it was carried out cannot be "
                  "told",
              "s3:lost_answer");
}

Unexpected Endless() {
  return Fail(ErrorCode::kUnavailable, "S3: a list is not in order, or does not end", "s3:list");
}

bool is_missing_key(const S3Outcome& outcome) {
  return outcome.failure.status == kNotFound && outcome.failure.code == "NoSuchKey";
}

Result<void> HasETag(const net::ClientResponse& response) {
  if (!ETagOf(response).empty()) return {};
  return Fail(ErrorCode::kUnavailable, "S3: an answer has no ETag", "s3:etag");
}

/// "Not modified" may leave the version out, but must not name another one.
Result<void> IsOf(const net::ClientResponse& response, const Version& version) {
  if (!response.header("etag") || ETagOf(response) == version) return {};
  return Fail(ErrorCode::kUnavailable, "S3: an object is not modified and has another version",
              "s3:etag");
}

/// Whether no key can start with it.
bool is_prefix_of_none(std::string_view prefix) {
  const auto fits = [](char c) {
    return c == '/' || is_valid_key(std::string_view(&c, 1)) || c == '.';
  };
  return prefix.starts_with('/') || !std::all_of(prefix.begin(), prefix.end(), fits);
}

std::string ContentTypeOf(std::string_view key) {
  return key.ends_with(".json") ? "application/json" : "application/octet-stream";
}

}  // namespace

S3ObjectStore::S3ObjectStore(const S3Config& config, S3Client::Parts parts)
    : config_(config),
      address_(AddressOf(config)),
      client_(address_.origin, config.region, parts) {}

Result<std::unique_ptr<S3ObjectStore>> S3ObjectStore::Open(const S3Config& config,
                                                           S3Client::Parts parts) {
  REVOPS_TRY(CheckS3Config(config));
  return std::unique_ptr<S3ObjectStore>(new S3ObjectStore(config, parts));
}

/// Of bytes that need no encoding.
S3Request S3ObjectStore::RequestFor(std::string method, std::string_view key) const {
  S3Request request;
  request.method = std::move(method);
  request.target = address_.key_path + config_.place.prefix + std::string(key);
  request.time_max = config_.operation_timeout;
  request.body_bytes_max = kAnswerBytesMax;
  return request;
}

std::optional<Object> S3ObjectStore::Kept(std::string_view key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [key](const auto& entry) { return entry.first == key; });
  return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

void S3ObjectStore::Keep(std::string_view key, const Object& object) {
  if (!config_.keeps_small_objects || object.bytes.size() > kKeptBytesMax) return;
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [key](const auto& entry) { return entry.first == key; });
  if (kept_.size() == kKeptMax) kept_.erase(kept_.begin());
  kept_.emplace_back(key, object);
}

Result<Object> S3ObjectStore::Get(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  const std::optional<Object> kept = Kept(key);
  S3Request request = RequestFor("GET", key);
  request.headers = {{"x-amz-checksum-mode", "ENABLED"}};
  if (kept) request.headers.emplace_back("If-None-Match", kept->version);
  request.takes_not_modified = kept.has_value();
  request.body_bytes_max = kObjectBytesMax;
  request.check = [&kept](const net::ClientResponse& response) -> Result<void> {
    if (kept && response.status == kNotModified) return IsOf(response, kept->version);
    REVOPS_TRY(HasETag(response));
    return CheckBody(response);
  };
  S3Outcome got = client_.Send(request);
  if (is_missing_key(got)) return NotFound(key);
  if (!got.answer) return Fail(std::move(got.error));
  Object object = kept && got.answer->status == kNotModified
                      ? *kept
                      : Object{std::move(got.answer->body), ETagOf(*got.answer)};
  Keep(key, object);
  return object;
}

Result<Version> S3ObjectStore::Put(std::string_view key, std::string_view bytes,
                                   const PutCondition& condition) {
  REVOPS_TRY(CheckKey(key));
  using Kind = PutCondition::Kind;
  // An empty or odd header would hold for any object.
  if (condition.kind == Kind::kIfMatch && !is_etag(condition.version)) return ConditionFailed(key);
  if (bytes.size() > kObjectBytesMax) {
    return Fail(ErrorCode::kResourceExhausted, "an object is larger than 1 GiB");
  }
  S3Request request = RequestFor("PUT", key);
  const std::string put_id = NewId(client_.random());
  request.headers = {{"Content-Type", ContentTypeOf(key)},
                     {"x-amz-checksum-sha256", ChecksumOf(bytes)},
                     {kPutIdField, put_id}};
  if (condition.kind == Kind::kIfAbsent) request.headers.emplace_back("If-None-Match", "*");
  if (condition.kind == Kind::kIfMatch) request.headers.emplace_back("If-Match", condition.version);
  request.body = bytes;
  request.time_max += std::chrono::seconds(bytes.size() / kPutBytesPerSecond);
  request.check = HasETag;
  S3Outcome put = client_.Send(request);
  if (put.answer) return ETagOf(*put.answer);
  const bool is_missing = condition.kind == Kind::kIfMatch && is_missing_key(put);
  if (put.error.code == ErrorCode::kAlreadyExists || is_missing) return Explain(key, put_id, put);
  return Fail(std::move(put.error));
}

/// The condition of the last attempt did not hold: was that this call's own doing?
Result<Version> S3ObjectStore::Explain(std::string_view key, const std::string& put_id,
                                       const S3Outcome& put) {
  if (!put.is_uncertain) return ConditionFailed(key);
  const S3Outcome found = client_.Send(RequestFor("HEAD", key));
  if (!found.answer && found.failure.status != kNotFound) {
    return Fail(WithContext(found.error, "finding out whether an object was written"));
  }
  const bool is_ours = found.answer && found.answer->header(kPutIdField) == put_id;
  if (!is_ours) return Unknown(key);
  REVOPS_TRY(HasETag(*found.answer));
  return ETagOf(*found.answer);
}

/// Appends one page and returns the token of the next one, empty after the last.
Result<std::string> S3ObjectStore::ListOn(std::string_view prefix, const std::string& token,
                                          std::vector<ObjectInfo>& infos) {
  S3Request request = RequestFor("GET", "");
  request.target = address_.bucket_path + "?";
  if (!token.empty()) request.target += "continuation-token=" + EncodeQueryValue(token) + "&";
  request.target += "encoding-type=url&list-type=2&prefix=" +
                    EncodeQueryValue(config_.place.prefix + std::string(prefix));
  S3ListPage page;
  request.check = [&page](const net::ClientResponse& response) -> Result<void> {
    REVOPS_TRY_ASSIGN(page, ReadListPage(response.body));
    return {};
  };
  S3Outcome listed = client_.Send(request);
  if (!listed.answer) return Fail(std::move(listed.error));
  const std::string whole_prefix = config_.place.prefix + std::string(prefix);
  for (ObjectInfo& info : page.objects) {
    if (!info.key.starts_with(whole_prefix)) {
      return Fail(ErrorCode::kUnavailable, "S3: a list has objects that nobody asked for",
                  "s3:list");
    }
    info.key.erase(0, config_.place.prefix.size());
    if (!is_valid_key(info.key)) continue;
    // S3 sorts by bytes; a page that begins anew is noticed by its first key.
    if (!infos.empty() && infos.back().key >= info.key) return Endless();
    infos.push_back(std::move(info));
  }
  return std::move(page.next_token);
}

Result<std::vector<ObjectInfo>> S3ObjectStore::List(std::string_view prefix) {
  std::vector<ObjectInfo> infos;
  if (is_prefix_of_none(prefix)) return infos;
  std::set<std::string> tokens;
  std::string token;
  do {
    REVOPS_TRY_ASSIGN(token, ListOn(prefix, token, infos));
    if (!tokens.insert(token).second || tokens.size() > kPagesMax) return Endless();
  } while (!token.empty());
  return infos;
}

Result<void> S3ObjectStore::Delete(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  S3Outcome deleted = client_.Send(RequestFor("DELETE", key));
  if (deleted.answer || is_missing_key(deleted)) return {};
  return Fail(std::move(deleted.error));
}

}  // namespace revops::store
