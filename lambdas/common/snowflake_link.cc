#include "lambdas/common/snowflake_link.h"

#include <utility>

#include "core/warehouse/snowflake/account.h"

namespace revops::lambda {

Result<std::unique_ptr<SnowflakeLink>> SnowflakeLink::Open(const FunctionSettings& settings,
                                                           Parts parts) {
  if (!settings.snowflake) return Fail(ErrorCode::kInvalidArgument, "SNOWFLAKE_URL is not set");
  const SnowflakeSettings& snowflake = *settings.snowflake;
  REVOPS_TRY_ASSIGN(const warehouse::SnowflakeAccount account,
                    warehouse::ParseSnowflakeAccount(snowflake.account));
  const std::string& token_name = snowflake.account_name_in_tokens.empty()
                                      ? account.token_name
                                      : snowflake.account_name_in_tokens;
  std::unique_ptr<SnowflakeLink> link(new SnowflakeLink());
  REVOPS_TRY_ASSIGN(link->credentials_,
                    warehouse::OpenCredentials(std::move(parts.sign_in),
                                               {token_name, snowflake.user}, parts.clock));
  link->client_ = std::make_unique<warehouse::SnowflakeClient>(
      warehouse::SnowflakeTarget{account.origin, snowflake.database, snowflake.schema,
                                 snowflake.warehouse, snowflake.role},
      warehouse::SnowflakeClient::Parts{parts.transport, *link->credentials_, parts.clock,
                                        parts.random, link->pause_});
  link->warehouse_ = std::make_unique<warehouse::SnowflakeWarehouse>(
      *link->client_, settings.definitions, parts.clock);
  return link;
}

}  // namespace revops::lambda
