#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/revops/aws_access.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/store/object_store.h"
#include "core/store/s3/s3_store.h"

namespace revops::app {

/// The configured bucket behind the port, with all that it takes to ask it. Requests are dated by
/// the machine's clock, also where the program's is frozen.
class S3Connection final : public store::ObjectStore {
 public:
  /// Asks nobody yet. Without a region in `config` it is the one that AWS's own settings name, or
  /// us-east-1 for another server than Amazon's. `random` outlives it.
  /// Errors: kInvalidArgument when there is no region, or the CA file cannot be read.
  static Result<std::unique_ptr<S3Connection>> Open(store::S3Config config, Random& random);

  Result<store::Object> Get(std::string_view key) override { return store_->Get(key); }
  Result<store::Version> Put(std::string_view key, std::string_view bytes,
                             const store::PutCondition& condition) override {
    return store_->Put(key, bytes, condition);
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view prefix) override {
    return store_->List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return store_->Delete(key); }

 private:
  S3Connection() = default;

  std::unique_ptr<AwsAccess> aws_;
  std::unique_ptr<store::S3ObjectStore> store_;
};

}  // namespace revops::app
