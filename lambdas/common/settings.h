#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time_zone.h"
#include "core/sales/definitions.h"
#include "core/scheduler/cron.h"
#include "core/warehouse/snowflake/sign_in.h"

namespace revops::lambda {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Snowflake as the warehouse. What it is signed in to with comes from Secrets Manager, or from the
/// variables that the program takes as well.
struct SnowflakeSettings {
  std::string account;
  std::string user;
  std::string database;
  std::string schema;
  std::string warehouse;
  std::string role;
  std::string account_name_in_tokens;
  bool workload_identity = false;      ///< SNOWFLAKE_WORKLOAD_IDENTITY
  std::string secret_id;               ///< name or ARN; may be empty
  warehouse::SnowflakeSignIn sign_in;  ///< what the environment itself holds
};

/// What a function is told by its environment; names and meanings as in
/// contracts/config.schema.json where the program has the same setting.
struct FunctionSettings {
  std::string store_url;     ///< REVOPS_STORE_URL: "s3://bucket/prefix"
  std::string store_region;  ///< REVOPS_STORE_REGION, else AWS_REGION
  sales::Definitions definitions;
  TimeZone zone = TimeZone::Utc();
  scheduler::CronSchedule schedule;
  std::vector<std::string> cors_origins;
  std::string label;
  std::uint32_t live_poll_seconds = 0;
  std::uint64_t live_queries_per_minute = 30;
  std::uint64_t snapshot_rows_max = 5'000'000;
  bool rest_api_takes_binary = false;  ///< REVOPS_REST_API_BINARY
  std::string processor_function;      ///< REVOPS_PROCESSOR_FUNCTION: its name or ARN
  std::optional<SnowflakeSettings> snowflake;
};

/// What a function cannot be without.
struct FunctionNeeds {
  bool store = false;
  bool warehouse = false;
  bool processor = false;
};

/// Errors: kInvalidArgument naming every variable that is missing or wrong at once.
Result<FunctionSettings> ReadFunctionSettings(const Environment& environment,
                                              const FunctionNeeds& needs);

/// The process's own. Empty counts as unset.
std::optional<std::string> ReadEnvironment(const std::string& name);

}  // namespace revops::lambda
