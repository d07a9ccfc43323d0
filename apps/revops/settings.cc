#include "apps/revops/settings.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <utility>
#include <variant>

#include <boost/json.hpp>
#include <toml++/toml.h>

#include "apps/revops/config_schema.h"
#include "core/base/money.h"
#include "core/net/aws/endpoint.h"

namespace revops::app {
namespace {

using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

/// Values by dotted key, and what is wrong with the others.
struct Values {
  std::map<std::string, Value> by_key;
  std::vector<std::string> problems;
  std::map<std::string, std::string> variables;  ///< of keys that the environment gives

  template <class T>
  const T& Get(const std::string& key) const {
    return std::get<T>(by_key.at(key));
  }
};

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (comma != 0) items.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return items;
}

std::optional<std::vector<std::string>> Texts(const boost::json::array& array) {
  std::vector<std::string> texts;
  for (const auto& item : array) {
    if (!item.is_string()) return std::nullopt;
    texts.emplace_back(item.as_string());
  }
  return texts;
}

/// The JSON value as the schema's type wants it.
std::optional<Value> FromJson(const boost::json::value& value, std::string_view type) {
  if (type == "string" && value.is_string()) return std::string(value.as_string());
  if (type == "integer" && value.is_int64()) return value.as_int64();
  if (type == "boolean" && value.is_bool()) return value.as_bool();
  if (type == "array" && value.is_array()) {
    auto texts = Texts(value.as_array());
    if (texts) return *std::move(texts);
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> Texts(const toml::array& array) {
  std::vector<std::string> texts;
  for (const auto& item : array) {
    if (!item.is_string()) return std::nullopt;
    texts.push_back(item.as_string()->get());
  }
  return texts;
}

std::optional<Value> FromToml(const toml::node& node, std::string_view type) {
  if (type == "string" && node.is_string()) return node.as_string()->get();
  if (type == "integer" && node.is_integer()) return node.as_integer()->get();
  if (type == "boolean" && node.is_boolean()) return node.as_boolean()->get();
  if (type == "array" && node.is_array()) {
    auto texts = Texts(*node.as_array());
    if (texts) return *std::move(texts);
  }
  return std::nullopt;
}

std::optional<Value> FromText(const std::string& text, std::string_view type) {
  if (type == "string") return text;
  if (type == "array") return SplitAtCommas(text);
  if (type == "boolean") {
    if (text == "1" || text == "true") return true;
    if (text == "0" || text == "false" || text.empty()) return false;
    return std::nullopt;
  }
  const auto number = ParseDecimal(text);
  if (!number || *number > INT64_MAX || *number < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

bool is_in_range(const Value& value, const boost::json::object& schema) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr) return true;
  const auto* least = schema.if_contains("minimum");
  const auto* most = schema.if_contains("maximum");
  return (!least || *number >= least->as_int64()) && (!most || *number <= most->as_int64());
}

std::string Wanted(const boost::json::object& schema) {
  std::string text(schema.at("type").as_string());
  if (text == "array") text = "list of strings";
  if (schema.contains("minimum")) {
    text += " from " + std::to_string(schema.at("minimum").as_int64()) + " to " +
            std::to_string(schema.at("maximum").as_int64());
  }
  return text;
}

void ReadKey(const std::string& key, const boost::json::object& schema, const toml::node* node,
             const Environment& environment, Values& values) {
  const std::string_view type = schema.at("type").as_string();
  Value value = FromJson(schema.at("default"), type).value();
  const std::string env_name(schema.at("x-env").as_string());
  std::optional<Value> given;
  std::string where;
  if (const auto text = environment(env_name)) {
    given = FromText(*text, type);
    values.variables.emplace(key, env_name);
    where = "environment variable " + env_name;
  } else if (node != nullptr && schema.contains("x-secret")) {
    values.problems.push_back("key " + key + " is a secret: give it as the environment variable " +
                              env_name + " instead");
  } else if (node != nullptr) {
    given = FromToml(*node, type);
    where = "key " + key;
  }
  if (!where.empty()) {
    if (given && is_in_range(*given, schema)) {
      value = *std::move(given);
    } else {
      values.problems.push_back(where + " must be a " + Wanted(schema));
    }
  }
  values.by_key.emplace(key, std::move(value));
}

void ReadSection(const std::string& name, const boost::json::object& schema,
                 const toml::table* table, const Environment& environment, Values& values) {
  const auto& keys = schema.at("properties").as_object();
  for (const auto& [key, key_schema] : keys) {
    const toml::node* node = table ? table->get(std::string_view(key)) : nullptr;
    ReadKey(name + "." + std::string(key), key_schema.as_object(), node, environment, values);
  }
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    if (!keys.contains(std::string(key.str()))) {
      values.problems.push_back("unknown key " + name + "." + std::string(key.str()));
    }
  }
}

Values ReadAll(const toml::table& file, const Environment& environment) {
  const boost::json::value schema = boost::json::parse(kConfigSchema);
  const auto& sections = schema.at("properties").as_object();
  Values values;
  for (const auto& [name, section] : sections) {
    const toml::node* node = file.get(std::string_view(name));
    if (node != nullptr && !node->is_table()) {
      values.problems.push_back(std::string(name) + " must be a table, [" + std::string(name) +
                                "]");
      node = nullptr;
    }
    ReadSection(std::string(name), section.as_object(), node ? node->as_table() : nullptr,
                environment, values);
  }
  for (const auto& [key, node] : file) {
    if (!sections.contains(std::string(key.str()))) {
      values.problems.push_back("unknown key " + std::string(key.str()));
    }
  }
  return values;
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::error_code missing;
  if (!std::filesystem::exists(path, missing)) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 4096> piece;
  while (file) {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.eof() && !file.bad()) return text;
  return Fail(ErrorCode::kInvalidArgument, "cannot read the configuration file " + path.string());
}

Result<toml::table> ParseToml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text, std::string_view(name));
  } catch (const toml::parse_error& error) {
    return Fail(ErrorCode::kInvalidArgument, name + " line " +
                                                 std::to_string(error.source().begin.line) + ": " +
                                                 std::string(error.description()));
  }
}

/// What was made of the value of `key`; whoever wrote a wrong one is told where it stands.
template <class T>
std::optional<T> Keep(Result<T> result, const std::string& key, Values& values) {
  if (result) return *std::move(result);
  const auto variable = values.variables.find(key);
  values.problems.push_back((variable == values.variables.end()
                                 ? ""
                                 : "environment variable " + variable->second + ": ") +
                            result.error().message);
  return std::nullopt;
}

sales::Definitions ToDefinitions(Values& values) {
  sales::Definitions definitions;
  definitions.zone = values.Get<std::string>("report.zone");
  const auto& currency = values.Get<std::string>("report.currency");
  if (!currency.empty()) definitions.currency = currency;
  definitions.locale = values.Get<std::string>("report.locale");
  definitions.stages = values.Get<std::vector<std::string>>("report.stages");
  for (const std::string& problem : sales::FindProblems(definitions)) {
    values.problems.push_back("report." + problem);
  }
  return definitions;
}

/// nullopt without an account. Names what is missing beside it.
std::optional<SnowflakeSettings> ToSnowflake(Values& values) {
  const auto text = [&](const char* key) {
    return values.Get<std::string>(std::string("snowflake.") + key);
  };
  if (text("account").empty()) return std::nullopt;
  for (const char* key : {"user", "database", "schema", "warehouse"}) {
    if (text(key).empty()) {
      values.problems.push_back(std::string("snowflake.") + key + " is missing beside the account");
    }
  }
  const auto secret = [&](const char* key) {
    return TakeSecret(
        std::get<std::string>(std::move(values.by_key.at(std::string("snowflake.") + key))));
  };
  SnowflakeSettings snowflake;
  snowflake.account = text("account");
  snowflake.user = text("user");
  snowflake.database = text("database");
  snowflake.schema = text("schema");
  snowflake.warehouse = text("warehouse");
  snowflake.role = text("role");
  snowflake.workload_identity = values.Get<bool>("snowflake.workload_identity");
  snowflake.secret_id = text("secret");
  snowflake.private_key_file = text("private_key_file");
  snowflake.sign_in.private_key = secret("private_key");
  snowflake.sign_in.private_key_passphrase = secret("private_key_passphrase");
  snowflake.sign_in.access_token = secret("access_token");
  snowflake.sign_in.oauth_token = secret("oauth_token");
  snowflake.sign_in.password = secret("password");
  snowflake.account_name_in_tokens = text("account_name_in_tokens");
  snowflake.ca_file = text("ca_file");
  const bool has_credentials = snowflake.workload_identity || !snowflake.secret_id.empty() ||
                               !snowflake.private_key_file.empty() || snowflake.sign_in.is_given();
  if (!has_credentials) {
    values.problems.push_back(
        "snowflake has no credentials: give snowflake.private_key_file, or snowflake.secret, or "
        "SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_ACCESS_TOKEN or SNOWFLAKE_OAUTH_TOKEN");
  }
  return snowflake;
}

/// nullopt without a URL.
std::optional<store::S3Config> ToS3(Values& values) {
  const auto& url = values.Get<std::string>("store.url");
  if (url.empty()) return std::nullopt;
  store::S3Config s3;
  s3.place = Keep(store::ParseS3Url(url), "store.url", values).value_or(store::S3Place{});
  s3.region = values.Get<std::string>("store.region");
  s3.operation_timeout = std::chrono::seconds(values.Get<std::int64_t>("store.timeout_seconds"));
  const auto& endpoint = values.Get<std::string>("store.endpoint");
  if (endpoint.empty()) return s3;
  auto server = net::ParseAwsUrl(endpoint);
  if (server && server->target == "/") {
    s3.endpoint = server->origin;
  } else {
    values.problems.push_back("store.endpoint '" + endpoint + "' is not http(s)://HOST[:PORT]");
  }
  return s3;
}

/// What the key says, or where it says -1 what goes with the warehouse.
std::int64_t ByWarehouse(const Values& values, const char* key, std::int64_t embedded,
                         std::int64_t snowflake) {
  const auto given = values.Get<std::int64_t>(key);
  if (given >= 0) return given;
  return values.Get<std::string>("snowflake.account").empty() ? embedded : snowflake;
}

void CheckWatchMode(Values& values) {
  const auto& mode = values.Get<std::string>("import.watch_mode");
  if (mode == "upsert" || mode == "replace") return;
  values.problems.push_back("import.watch_mode '" + mode + "' is neither upsert nor replace");
}

}  // namespace

bool ListenAddress::is_loopback() const {
  return host == "::1" || host == "localhost" || host.starts_with("127.");
}

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : ParseDecimal(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !port || *port < 0 || *port > 65535) {
    return Fail(ErrorCode::kInvalidArgument, "server.listen '" + std::string(text) +
                                                 "' is not ADDRESS:PORT, e.g. 127.0.0.1:8080");
  }
  return ListenAddress{std::string(host), static_cast<std::uint16_t>(*port)};
}

Result<Settings> ParseSettings(std::string_view text, const std::string& name,
                               const Environment& environment) {
  REVOPS_TRY_ASSIGN(const toml::table table, ParseToml(text, name));
  Values values = ReadAll(table, environment);
  const auto listen =
      Keep(ParseListenAddress(values.Get<std::string>("server.listen")), "server.listen", values);
  const auto zone =
      Keep(TimeZone::Load(values.Get<std::string>("report.zone")), "report.zone", values);
  const auto schedule_zone =
      Keep(TimeZone::Load(values.Get<std::string>("schedule.zone")), "schedule.zone", values);
  const auto schedule =
      Keep(scheduler::CronSchedule::Parse(values.Get<std::string>("schedule.cron"),
                                          schedule_zone.value_or(TimeZone::Utc())),
           "schedule.cron", values);
  const auto definitions = ToDefinitions(values);
  const auto label = values.Get<std::string>("deployment.label");
  const auto snowflake = ToSnowflake(values);
  const auto s3 = ToS3(values);
  CheckWatchMode(values);
  if (!values.problems.empty() || !listen || !zone || !schedule) {
    std::string message = "configuration " + name + ": ";
    for (std::size_t i = 0; i < values.problems.size(); ++i) {
      message += (i == 0 ? "" : "; ") + values.problems[i];
    }
    return Fail(ErrorCode::kInvalidArgument, message);
  }
  return Settings{
      .listen = *listen,
      .host_names = values.Get<std::vector<std::string>>("server.host_names"),
      .cors_origins = values.Get<std::vector<std::string>>("server.cors_origins"),
      .published_on_loopback = values.Get<bool>("server.published_on_loopback"),
      .definitions = definitions,
      .zone = *zone,
      .schedule = *schedule,
      .live_poll_seconds = ByWarehouse(values, "live.poll_seconds", 15, 0),
      .live_queries_per_minute =
          static_cast<std::uint64_t>(ByWarehouse(values, "live.queries_per_minute", 0, 30)),
      .snapshot_rows_max = static_cast<std::uint64_t>(
          ByWarehouse(values, "snapshot.rows_max", 20'000'000, 5'000'000)),
      .import_bytes_max = static_cast<std::uint64_t>(values.Get<std::int64_t>("import.bytes_max")),
      .import_watch = values.Get<std::string>("import.watch"),
      .import_watch_mode = values.Get<std::string>("import.watch_mode"),
      .import_rates = values.Get<std::string>("import.rates"),
      .label = label.empty() ? std::nullopt : std::optional(label),
      .snowflake = snowflake,
      .s3 = s3,
  };
}

Result<Settings> LoadSettings(const std::filesystem::path& file, const Environment& environment) {
  REVOPS_TRY_ASSIGN(const std::string text, ReadFile(file));
  REVOPS_TRY_ASSIGN(Settings settings, ParseSettings(text, file.string(), environment));
  if (!settings.import_rates.empty()) {
    settings.import_rates = (file.parent_path() / settings.import_rates).string();
  }
  return settings;
}

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace revops::app
