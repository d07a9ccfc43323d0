#include <utility>

#include "core/net/aws/endpoint.h"
#include "core/store/s3/s3_store.h"
#include "lambdas/common/function_main.h"

namespace revops::lambda {

Result<std::unique_ptr<store::ObjectStore>> OpenStore(const FunctionTools& tools,
                                                      std::chrono::seconds operation_timeout) {
  store::S3Config config;
  REVOPS_TRY_ASSIGN(config.place, store::ParseS3Url(tools.settings.store_url));
  config.operation_timeout = operation_timeout;
  config.keeps_small_objects = true;
  config.region = tools.settings.store_region;
  REVOPS_TRY_ASSIGN(config.endpoint, net::FindAwsEndpoint(tools.aws, "S3"));
  REVOPS_TRY_ASSIGN(auto store,
                    store::S3ObjectStore::Open(config, {tools.transport, tools.credentials,
                                                        tools.clock, tools.random, tools.pause}));
  return std::unique_ptr<store::ObjectStore>(std::move(store));
}

}  // namespace revops::lambda
