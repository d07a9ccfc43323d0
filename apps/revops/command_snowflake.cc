#include "apps/revops/command_snowflake.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "apps/revops/contracts.h"
#include "apps/revops/snowflake_connection.h"
#include "core/warehouse/duckdb/fct_sales_sql.h"
#include "core/warehouse/snowflake/setup.h"

namespace revops::app {
namespace {

constexpr char kAdministrator[] = "ACCOUNTADMIN";

/// The base64 between the lines of a PEM file.
Result<std::string> ReadPublicKey(const std::string& name) {
  std::ifstream file(name);
  if (!file) return Fail(ErrorCode::kNotFound, "cannot read the public key in " + name);
  std::string base64;
  bool has_begun = false;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line == "-----END PUBLIC KEY-----" && has_begun) return base64;
    if (has_begun) base64 += line;
    if (line == "-----BEGIN PUBLIC KEY-----") has_begun = true;
  }
  return Fail(ErrorCode::kInvalidArgument,
              name +
                  " holds no public key (PEM): make it with openssl rsa -in rsa_key.p8 -pubout "
                  "-out rsa_key.pub");
}

Result<warehouse::SnowflakeSetup> MakeSetup(const SnowflakeSetupOptions& options,
                                            const Settings& settings) {
  warehouse::SnowflakeSetup setup;
  if (settings.snowflake) {
    setup.database = settings.snowflake->database;
    setup.schema = settings.snowflake->schema;
    setup.warehouse = settings.snowflake->warehouse;
  }
  setup.user = options.service_user;
  setup.role = options.service_role;
  setup.fct_sales_sql = warehouse::kFctSalesSql;
  setup.aws_role = options.aws_role;
  setup.aws_issuer = options.aws_issuer;
  if (options.sample) setup.sample_sql = kSampleSalesSql;
  if (!options.public_key_file.empty()) {
    REVOPS_TRY_ASSIGN(setup.public_key, ReadPublicKey(options.public_key_file));
  }
  return setup;
}

/// Nothing that does not exist yet may be named: the first steps make it.
SnowflakeSettings AsAdministrator(SnowflakeSettings settings, const std::string& warehouse) {
  settings.role = kAdministrator;
  settings.database.clear();
  settings.schema.clear();
  settings.warehouse = warehouse;
  return settings;
}

}  // namespace

Result<std::string> SetUpSnowflake(const SnowflakeSetupOptions& options, const Settings& settings,
                                   const Clock& clock, Random& random) {
  REVOPS_TRY_ASSIGN(const warehouse::SnowflakeSetup setup, MakeSetup(options, settings));
  if (!options.apply) return warehouse::SetupScript(setup);
  if (!settings.snowflake) {
    return Fail(
        ErrorCode::kInvalidArgument,
        "there is no account to set up: give SNOWFLAKE_URL, SNOWFLAKE_USER, the token of an "
        "administrator in SNOWFLAKE_ACCESS_TOKEN, and the names of database and warehouse");
  }
  const auto steps = warehouse::SetupSteps(setup);
  for (const bool with_warehouse : {false, true}) {
    std::vector<warehouse::SetupStep> ours;
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(ours),
                 [&](const auto& step) { return step.needs_warehouse == with_warehouse; });
    SnowflakeConnection connection(
        AsAdministrator(*settings.snowflake, with_warehouse ? setup.warehouse : ""),
        settings.definitions, SnowflakeConnection::Parts{clock, random});
    REVOPS_TRY_ASSIGN(warehouse::SnowflakeClient * client, connection.client());
    REVOPS_TRY(warehouse::ApplySetup(ours, *client, clock));
  }
  return std::to_string(steps.size()) + " statements done: " + setup.database + "." + setup.schema +
         ".FCT_SALES can be read by " + setup.user + ".\n";
}

}  // namespace revops::app
