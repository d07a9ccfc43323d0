#include "apps/revops/snowflake_connection.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "apps/revops/version.h"
#include "core/base/logging.h"
#include "core/warehouse/snowflake/account.h"

namespace revops::app {
namespace {

Result<std::string> PrivateKey(const SnowflakeSettings& settings) {
  if (settings.private_key_file.empty()) return settings.private_key;
  std::ifstream file(settings.private_key_file, std::ios::binary);
  std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (file && !pem.empty()) return pem;
  return Fail(ErrorCode::kNotFound, "cannot read the private key for Snowflake in " +
                                        settings.private_key_file +
                                        ": check snowflake.private_key_file and its rights");
}

}  // namespace

Result<std::unique_ptr<warehouse::Credentials>> OpenCredentials(const SnowflakeSettings& settings,
                                                                const std::string& token_name,
                                                                const Clock& clock) {
  REVOPS_TRY_ASSIGN(const std::string pem, PrivateKey(settings));
  if (!pem.empty()) {
    REVOPS_TRY_ASSIGN(auto key_pair,
                      warehouse::KeyPairCredentials::Open(pem, settings.private_key_passphrase,
                                                          {token_name, settings.user}, clock));
    return std::unique_ptr<warehouse::Credentials>(std::move(key_pair));
  }
  if (!settings.access_token.empty()) {
    return warehouse::FixedToken({"PROGRAMMATIC_ACCESS_TOKEN", settings.access_token});
  }
  if (!settings.oauth_token.empty()) {
    return warehouse::FixedToken({"OAUTH", settings.oauth_token});
  }
  Log(LogLevel::kWarning, "snowflake_password_taken_as_access_token",
      {{"reason", "Snowflake has ended passwords for services"},
       {"advice", "make a key pair: docs/runbooks/snowflake.md"}});
  return warehouse::FixedToken({"PROGRAMMATIC_ACCESS_TOKEN", settings.password});
}

SnowflakeConnection::SnowflakeConnection(SnowflakeSettings settings, sales::Definitions definitions,
                                         Parts parts)
    : settings_(std::move(settings)), definitions_(std::move(definitions)), parts_(parts) {}

Result<void> SnowflakeConnection::Open() {
  if (warehouse_) return {};
  REVOPS_TRY_ASSIGN(const warehouse::SnowflakeAccount account,
                    warehouse::ParseSnowflakeAccount(settings_.account));
  const std::string& token_name = settings_.account_name_in_tokens.empty()
                                      ? account.token_name
                                      : settings_.account_name_in_tokens;
  REVOPS_TRY_ASSIGN(credentials_, OpenCredentials(settings_, token_name, parts_.clock));
  net::HttpClientConfig config;
  config.user_agent = std::string("revops/") + kProgramVersion;
  config.ca_file = settings_.ca_file;
  REVOPS_TRY_ASSIGN(http_, net::HttpClient::Make(std::move(config), parts_.clock));
  client_ = std::make_unique<warehouse::SnowflakeClient>(
      warehouse::SnowflakeTarget{account.origin, settings_.database, settings_.schema,
                                 settings_.warehouse, settings_.role},
      warehouse::SnowflakeClient::Parts{*http_, *credentials_, parts_.clock, parts_.random, pause_,
                                        parts_.costs});
  warehouse_ =
      std::make_unique<warehouse::SnowflakeWarehouse>(*client_, definitions_, parts_.clock);
  return {};
}

Result<warehouse::Warehouse*> SnowflakeConnection::opened() {
  const std::scoped_lock lock(mutex_);
  REVOPS_TRY(Open());
  return warehouse_.get();
}

Result<warehouse::SnowflakeClient*> SnowflakeConnection::client() {
  const std::scoped_lock lock(mutex_);
  REVOPS_TRY(Open());
  return client_.get();
}

Result<std::unique_ptr<warehouse::WarehouseRead>> SnowflakeConnection::BeginRead(
    std::stop_token stop) {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->BeginRead(std::move(stop));
}

Result<warehouse::RecentSales> SnowflakeConnection::ReadRecentSales(
    const warehouse::LiveQuery& query) {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->ReadRecentSales(query);
}

Result<warehouse::WarehouseReport> SnowflakeConnection::Examine() {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->Examine();
}

}  // namespace revops::app
