#include "apps/revops/s3_connection.h"

#include <utility>

namespace revops::app {
namespace {

Result<std::string> FindRegion(const net::AwsSettings& settings, const store::S3Config& config) {
  if (!config.region.empty()) return config.region;
  REVOPS_TRY_ASSIGN(const auto found, net::FindAwsRegion(settings));
  if (found) return *found;
  if (config.endpoint) return std::string("us-east-1");
  return Fail(ErrorCode::kInvalidArgument,
              "the store is s3://" + config.place.bucket +
                  ", but its region is not known: set store.region (REVOPS_STORE_REGION)");
}

}  // namespace

Result<std::unique_ptr<S3Connection>> S3Connection::Open(store::S3Config config, Random& random) {
  std::unique_ptr<S3Connection> made(new S3Connection());
  REVOPS_TRY_ASSIGN(made->aws_, AwsAccess::Open());
  REVOPS_TRY_ASSIGN(config.region, FindRegion(made->aws_->settings(), config));
  const warehouse::AwsCaller aws = made->aws_->caller(random);
  REVOPS_TRY_ASSIGN(made->store_,
                    store::S3ObjectStore::Open(config, {aws.transport, aws.credentials, aws.clock,
                                                        aws.random, aws.pause}));
  return made;
}

}  // namespace revops::app
