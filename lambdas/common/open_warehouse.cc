#include <utility>

#include "core/warehouse/snowflake/aws_sources.h"
#include "lambdas/common/function_main.h"

namespace revops::lambda {

Result<std::unique_ptr<SnowflakeLink>> OpenWarehouse(const FunctionTools& tools) {
  if (!tools.settings.snowflake)
    return Fail(ErrorCode::kInvalidArgument, "SNOWFLAKE_URL is not set");
  const SnowflakeSettings& snowflake = *tools.settings.snowflake;
  warehouse::SnowflakeSignIn sign_in = snowflake.sign_in;
  const warehouse::AwsCaller caller{tools.aws,   tools.transport, tools.credentials,
                                    tools.clock, tools.random,    tools.pause};
  if (snowflake.workload_identity) sign_in.ask_identity = warehouse::IdentityOfAws(caller);
  if (!snowflake.secret_id.empty()) {
    sign_in.read_secret = warehouse::SecretOfAws(caller, snowflake.secret_id);
  }
  return SnowflakeLink::Open(tools.settings,
                             {tools.transport, tools.clock, tools.random, std::move(sign_in)});
}

}  // namespace revops::lambda
