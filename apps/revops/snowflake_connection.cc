#include "apps/revops/snowflake_connection.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "apps/revops/version.h"
#include "core/warehouse/snowflake/account.h"
#include "core/warehouse/snowflake/aws_sources.h"

namespace revops::app {
namespace {

Result<Secret> ReadKeyFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (file && !pem.empty()) return TakeSecret(std::move(pem));
  return Fail(ErrorCode::kNotFound, "cannot read the private key for Snowflake in " + name +
                                        ": check snowflake.private_key_file and its rights");
}

}  // namespace

SnowflakeConnection::SnowflakeConnection(SnowflakeSettings settings, sales::Definitions definitions,
                                         Parts parts)
    : settings_(std::move(settings)), definitions_(std::move(definitions)), parts_(parts) {}

Result<warehouse::SnowflakeSignIn> SnowflakeConnection::SignIn() {
  warehouse::SnowflakeSignIn sign_in = settings_.sign_in;
  const bool asks_aws = settings_.workload_identity || !settings_.secret_id.empty();
  if (asks_aws) {
    REVOPS_TRY_ASSIGN(aws_, AwsAccess::Open());
  }
  if (settings_.workload_identity) {
    sign_in.ask_identity = warehouse::IdentityOfAws(aws_->caller(parts_.random));
  } else if (!settings_.secret_id.empty()) {
    sign_in.read_secret = warehouse::SecretOfAws(aws_->caller(parts_.random), settings_.secret_id);
  } else if (!settings_.private_key_file.empty()) {
    REVOPS_TRY_ASSIGN(sign_in.private_key, ReadKeyFile(settings_.private_key_file));
  }
  return sign_in;
}

Result<void> SnowflakeConnection::Open() {
  if (warehouse_) return {};
  REVOPS_TRY_ASSIGN(const warehouse::SnowflakeAccount account,
                    warehouse::ParseSnowflakeAccount(settings_.account));
  const std::string& token_name = settings_.account_name_in_tokens.empty()
                                      ? account.token_name
                                      : settings_.account_name_in_tokens;
  REVOPS_TRY_ASSIGN(warehouse::SnowflakeSignIn sign_in, SignIn());
  REVOPS_TRY_ASSIGN(
      credentials_,
      warehouse::OpenCredentials(std::move(sign_in), {token_name, settings_.user}, parts_.clock));
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
