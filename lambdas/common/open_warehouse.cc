#include <chrono>
#include <utility>

#include "core/net/aws/secrets_manager.h"
#include "lambdas/common/function_main.h"

namespace revops::lambda {
namespace {

/// Less than Lambda gives a function to start.
constexpr auto kSecretTimeout = std::chrono::seconds(8);

}  // namespace

Result<std::unique_ptr<SnowflakeLink>> OpenWarehouse(const FunctionTools& tools) {
  if (!tools.settings.snowflake)
    return Fail(ErrorCode::kInvalidArgument, "SNOWFLAKE_URL is not set");
  REVOPS_TRY_ASSIGN(auto endpoint, FindEndpoint(tools.aws, "SECRETS_MANAGER"));
  const std::string region = tools.aws.Variable("AWS_REGION").value_or("");
  SecretCredentials::Read read = [tools, region, endpoint]() -> Result<std::string> {
    const SnowflakeSettings& snowflake = *tools.settings.snowflake;
    if (snowflake.secret_id.empty()) return snowflake.secret;
    const net::SecretReader reader{tools.transport, tools.credentials, tools.clock, tools.random,
                                   tools.pause};
    return reader.Get(
        {region, snowflake.secret_id, endpoint, tools.clock.SteadyNow() + kSecretTimeout, {}});
  };
  return SnowflakeLink::Open(tools.settings,
                             {tools.transport, tools.clock, tools.random, std::move(read)});
}

}  // namespace revops::lambda
