#include "core/warehouse/snowflake/setup.h"

#include <utility>

#include "core/sales/normalize.h"
#include "core/warehouse/snowflake/dialect.h"
#include "core/warehouse/snowflake/sinks.h"

namespace revops::warehouse {
namespace {

constexpr std::chrono::seconds kStepMax{120};

/// A statement of one of the contracts' files: without comments, trailing semicolon and line ends.
std::string OneStatement(const std::string& text) {
  std::string sql;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line(sales::Trim(std::string_view(text).substr(start, end - start)));
    start = end + 1;
    if (line.empty() || line.starts_with("--")) continue;
    if (!sql.empty()) sql += ' ';
    sql += line;
  }
  if (sql.ends_with(';')) sql.pop_back();
  return sql;
}

/// The statement with the table's full name in the place of FCT_SALES.
std::string ForTable(std::string sql, const std::string& table) {
  const auto at = sql.find("FCT_SALES");
  return at == std::string::npos ? sql : sql.replace(at, 9, table);
}

std::string Literal(const std::string& text) {
  std::string sql = "'";
  for (const char c : text) {
    sql += c;
    if (c == '\'') sql += c;
  }
  return sql + "'";
}

}  // namespace

std::vector<SetupStep> SetupSteps(const SnowflakeSetup& setup) {
  const std::string database = QuotedName(setup.database);
  const std::string schema = database + "." + QuotedName(setup.schema);
  const std::string table = schema + ".FCT_SALES";
  const std::string warehouse = QuotedName(setup.warehouse);
  const std::string monitor = QuotedName(setup.warehouse + "_MONITOR");
  const std::string role = QuotedName(setup.role);
  const std::string user = QuotedName(setup.user);
  std::vector<SetupStep> steps = {
      {"Where the sales are", "CREATE DATABASE IF NOT EXISTS " + database},
      {"", "CREATE SCHEMA IF NOT EXISTS " + schema},
      {"The table that the dashboard reads", ForTable(OneStatement(setup.fct_sales_sql), table)},
      {"A warehouse that sleeps a minute after its last question",
       "CREATE WAREHOUSE IF NOT EXISTS " + warehouse +
           " WITH WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE "
           "INITIALLY_SUSPENDED = TRUE STATEMENT_TIMEOUT_IN_SECONDS = 3600"},
      {"An end to what it may cost in a month",
       "CREATE RESOURCE MONITOR IF NOT EXISTS " + monitor +
           " WITH CREDIT_QUOTA = " + std::to_string(setup.credits_per_month) +
           " FREQUENCY = MONTHLY START_TIMESTAMP = IMMEDIATELY TRIGGERS ON 80 PERCENT DO NOTIFY "
           "ON 100 PERCENT DO SUSPEND"},
      {"", "ALTER WAREHOUSE " + warehouse + " SET RESOURCE_MONITOR = " + monitor},
      {"A role that may read the table and nothing else", "CREATE ROLE IF NOT EXISTS " + role},
      {"", "GRANT USAGE ON DATABASE " + database + " TO ROLE " + role},
      {"", "GRANT USAGE ON SCHEMA " + schema + " TO ROLE " + role},
      {"", "GRANT SELECT ON TABLE " + table + " TO ROLE " + role},
      {"", "GRANT USAGE ON WAREHOUSE " + warehouse + " TO ROLE " + role},
      {"A user for the service, who has no password", "CREATE USER IF NOT EXISTS " + user +
                                                          " TYPE = SERVICE DEFAULT_ROLE = " + role +
                                                          " DEFAULT_WAREHOUSE = " + warehouse},
  };
  if (!setup.public_key.empty()) {
    steps.push_back(
        {"", "ALTER USER " + user + " SET RSA_PUBLIC_KEY = " + Literal(setup.public_key)});
  }
  if (!setup.aws_role.empty()) {
    steps.push_back({"Whoever runs as this role of AWS is that user, without a key",
                     "ALTER USER " + user + " SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = " +
                         Literal(setup.aws_role) + " ISSUER = " + Literal(setup.aws_issuer) + ")"});
  }
  steps.push_back({"", "GRANT ROLE " + role + " TO USER " + user});
  if (!setup.sample_sql.empty()) {
    steps.push_back({"Eight rows to look at; run again, they are there twice",
                     ForTable(OneStatement(setup.sample_sql), table), true});
  }
  return steps;
}

std::string SetupScript(const SnowflakeSetup& setup) {
  std::string script =
      "-- What revops needs in Snowflake; all but sample rows may be repeated.\nUSE ROLE "
      "ACCOUNTADMIN;\n";
  for (const SetupStep& step : SetupSteps(setup)) {
    if (!step.why.empty()) script += "\n-- " + step.why + "\n";
    script += step.sql + ";\n";
  }
  if (setup.public_key.empty() && setup.aws_role.empty()) {
    script +=
        "\n-- The user has no key yet: run this again with --public-key FILE, or set it by hand:\n"
        "-- ALTER USER " +
        QuotedName(setup.user) + " SET RSA_PUBLIC_KEY = '…';\n";
  }
  script +=
      "\n-- Better still, let the user in from known addresses alone:\n"
      "-- CREATE NETWORK POLICY REVOPS_ADDRESSES ALLOWED_IP_LIST = ('203.0.113.7');\n"
      "-- ALTER USER " +
      QuotedName(setup.user) + " SET NETWORK_POLICY = REVOPS_ADDRESSES;\n";
  return script;
}

Result<void> ApplySetup(const std::vector<SetupStep>& steps, SnowflakeClient& client,
                        const Clock& clock) {
  for (const SetupStep& step : steps) {
    ColumnsOnly ignored;
    REVOPS_TRY(WithContext(
        client.Execute({step.sql, {}}, ignored, {clock.SteadyNow() + kStepMax, {}}), step.sql));
  }
  return {};
}

}  // namespace revops::warehouse
