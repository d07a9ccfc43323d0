#pragma once

#include <string>
#include <vector>

#include "core/warehouse/snowflake/client.h"

namespace revops::warehouse {

/// What a new account gets.
struct SnowflakeSetup {
  std::string database = "SALES";
  std::string schema = "PUBLIC";
  std::string warehouse = "REVOPS_WH";
  std::string role = "REVOPS_READER";
  std::string user = "REVOPS";
  std::string public_key;           ///< base64 without lines; empty: is set later
  std::string aws_role;             ///< ARN of the role that signs in as the user; may be empty
  std::string aws_issuer;           ///< URL of its account's tokens
  std::string fct_sales_sql;        ///< contracts/fct_sales.sql
  std::string sample_sql;           ///< empty: no rows
  unsigned credits_per_month = 20;  ///< at which the warehouse is suspended
};

/// One thing to do, and why.
struct SetupStep {
  std::string why;
  std::string sql;               ///< one statement without a semicolon
  bool needs_warehouse = false;  ///< and must not be repeated: it adds rows
};

/// In the order in which they have to run, by somebody with the role ACCOUNTADMIN: database,
/// schema, table, a warehouse that suspends itself after a minute and is bounded by a resource
/// monitor, a role that may read the table alone, and a service user with a key or a role of AWS.
std::vector<SetupStep> SetupSteps(const SnowflakeSetup& setup);

/// The steps as a script for a worksheet.
std::string SetupScript(const SnowflakeSetup& setup);

/// Runs the steps one by one with the client's user and the role of its target.
/// Errors: those of the client, with the step that failed as context.
Result<void> ApplySetup(const std::vector<SetupStep>& steps, SnowflakeClient& client,
                        const Clock& clock);

}  // namespace revops::warehouse
