#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/store/object_store.h"
#include "core/store/s3/client.h"
#include "core/store/s3/config.h"

namespace revops::store {

/// Objects in a bucket of S3: the object "a/b" of the store is the object prefix + "a/b" there.
/// What else lies under the prefix and has no key of the store is not seen.
///
/// Version: the ETag. Equal bytes may have equal ones, also after other bytes were between them:
/// who compares and swaps must never put the same bytes twice (the pointer counts up).
///
/// Put sends the checksum of the bytes, and in the object's metadata an id of this call. A Put with
/// a condition whose answer got lost is sent again; when S3 answers then that the condition does
/// not hold, the id of the object that is there tells whether it is this call's own.
///
/// Get compares the bytes with their checksum (checksum.h). With keeps_small_objects it hands out
/// the bytes that it has read before when S3 says that their version is still the object's.
class S3ObjectStore final : public ObjectStore {
 public:
  /// Sends nothing yet. The parts outlive the store.
  /// Errors: kInvalidArgument.
  static Result<std::unique_ptr<S3ObjectStore>> Open(const S3Config& config, S3Client::Parts parts);

  /// Further errors, of all four: those of errors.h, kTimeout and kUnavailable when S3 cannot be
  /// reached, those of the credentials.
  /// Of Get: kCorrupt for bytes that do not have their checksum, kResourceExhausted above 1 GiB.
  Result<Object> Get(std::string_view key) override;
  /// Further errors: kUnavailable also when the object may have been put: an answer got lost and
  /// the object was put by somebody else, or deleted, before it could be looked at.
  /// kResourceExhausted above 1 GiB.
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override;
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override;
  Result<void> Delete(std::string_view key) override;

 private:
  S3ObjectStore(const S3Config& config, S3Client::Parts parts);

  std::optional<Object> Kept(std::string_view key) const;
  void Keep(std::string_view key, const Object& object);
  S3Request RequestFor(std::string method, std::string_view key) const;
  Result<Version> Explain(std::string_view key, const std::string& put_id, const S3Outcome& put);
  Result<std::string> ListOn(std::string_view prefix, const std::string& token,
                             std::vector<ObjectInfo>& infos);

  const S3Config config_;
  const S3Address address_;
  S3Client client_;

  mutable std::mutex mutex_;                          ///< of what follows
  std::vector<std::pair<std::string, Object>> kept_;  ///< read last comes last
};

}  // namespace revops::store
