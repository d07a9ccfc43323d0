#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time_zone.h"
#include "core/sales/definitions.h"
#include "core/scheduler/cron.h"
#include "core/store/s3/config.h"
#include "core/warehouse/snowflake/sign_in.h"

namespace revops::app {

/// A listening address: "127.0.0.1:8080", "[::1]:8080".
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;

  bool is_loopback() const;
};

/// Errors: kInvalidArgument.
Result<ListenAddress> ParseListenAddress(std::string_view text);

/// Snowflake as the warehouse, as configured.
struct SnowflakeSettings {
  std::string account;
  std::string user;
  std::string database;
  std::string schema;
  std::string warehouse;
  std::string role;
  bool workload_identity = false;  ///< of AWS
  std::string secret_id;           ///< of AWS Secrets Manager: a name or an ARN; may be empty
  std::string private_key_file;    ///< instead of the key itself
  warehouse::SnowflakeSignIn sign_in;
  std::string account_name_in_tokens;
  std::string ca_file;
};

/// The configuration in force; keys, defaults and meanings: contracts/config.schema.json.
struct Settings {
  ListenAddress listen;
  std::vector<std::string> host_names;
  std::vector<std::string> cors_origins;
  bool published_on_loopback = false;
  sales::Definitions definitions;
  TimeZone zone = TimeZone::Utc();
  scheduler::CronSchedule schedule;
  std::int64_t live_poll_seconds = 15;
  std::uint64_t live_queries_per_minute = 0;  ///< 0: not limited
  std::uint64_t snapshot_rows_max = 0;
  std::uint64_t import_bytes_max = 0;  ///< of a file that is uploaded
  std::string import_watch;            ///< a folder, absolute or in the data folder; empty: none
  std::string import_watch_mode;       ///< "upsert", "replace"
  std::string import_rates;            ///< a file of dated exchange rates; empty: none
  std::optional<std::string> label;    ///< of made-up rows: "demo", "sample"
  std::optional<SnowflakeSettings> snowflake;  ///< nullopt: the embedded warehouse
  /// Its region may be empty: that of the environment. nullopt: a folder of the data folder.
  std::optional<store::S3Config> s3;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The settings in a configuration file's text, and the environment over it; `name` is what errors
/// call the file. Errors: kInvalidArgument naming every bad key at once.
Result<Settings> ParseSettings(std::string_view text, const std::string& name,
                               const Environment& environment);

/// The same of `file`, beside which other files are looked for; missing: defaults alone.
Result<Settings> LoadSettings(const std::filesystem::path& file, const Environment& environment);

/// The process's environment.
std::optional<std::string> ReadEnvironment(const std::string& name);

}  // namespace revops::app
