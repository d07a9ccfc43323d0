#include "apps/revops/s3_connection.h"

#include <utility>

#include "apps/revops/settings.h"
#include "apps/revops/version.h"

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
  net::AwsSettings aws;
  aws.environment = ReadEnvironment;
  REVOPS_TRY_ASSIGN(config.region, FindRegion(aws, config));
  net::HttpClientConfig http;
  http.user_agent = std::string("revops/") + kProgramVersion;
  http.ca_file = aws.Variable("AWS_CA_BUNDLE").value_or("");
  REVOPS_TRY_ASSIGN(made->http_, net::HttpClient::Make(std::move(http), made->clock_));
  made->credentials_ = std::make_unique<net::AwsCredentialChain>(
      net::AwsCredentialChain::Config{std::move(aws), *made->http_, made->clock_});
  REVOPS_TRY_ASSIGN(made->store_,
                    store::S3ObjectStore::Open(config, {*made->http_, *made->credentials_,
                                                        made->clock_, random, made->pause_}));
  return made;
}

}  // namespace revops::app
