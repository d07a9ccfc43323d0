#include "lambdas/common/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace revops::lambda {
namespace {

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

/// Reads variables and gathers what is wrong with them.
class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  std::string Text(const std::string& name, std::string usual = {}) const {
    return environment_(name).value_or(std::move(usual));
  }

  std::string Needed(const std::string& name, bool is_needed) {
    std::string text = Text(name);
    if (text.empty() && is_needed) problems_.push_back(name + " is not set");
    return text;
  }

  /// -1 is the usual one too.
  std::uint64_t Number(const std::string& name, std::uint64_t most, std::uint64_t usual) {
    const std::string text = Text(name, "-1");
    if (text == "-1") return usual;
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stopped == end && number <= most) return number;
    problems_.push_back(name + " must be an integer from -1 to " + std::to_string(most));
    return usual;
  }

  bool Flag(const std::string& name) {
    const std::string text = Text(name, "false");
    if (text != "true" && text != "1" && text != "false" && text != "0") {
      problems_.push_back(name + " must be true or false");
    }
    return text == "true" || text == "1";
  }

  template <class T>
  std::optional<T> Keep(Result<T> result) {
    if (result) return *std::move(result);
    problems_.push_back(result.error().message);
    return std::nullopt;
  }

  void Miss(std::string problem) { problems_.push_back(std::move(problem)); }

  Result<void> status() const {
    if (problems_.empty()) return {};
    std::string message = "the function's environment: ";
    for (const std::string& problem : problems_) {
      message += (&problem == &problems_.front() ? "" : "; ") + problem;
    }
    return Fail(ErrorCode::kInvalidArgument, std::move(message));
  }

 private:
  const Environment& environment_;
  std::vector<std::string> problems_;
};

sales::Definitions ReadDefinitions(Reader& reader) {
  sales::Definitions definitions;
  definitions.zone = reader.Text("REVOPS_ZONE", definitions.zone);
  if (auto currency = reader.Text("REVOPS_CURRENCY"); !currency.empty()) {
    definitions.currency = std::move(currency);
  }
  definitions.locale = reader.Text("REVOPS_LOCALE", definitions.locale);
  if (auto stages = SplitAtCommas(reader.Text("REVOPS_STAGES")); !stages.empty()) {
    definitions.stages = std::move(stages);
  }
  for (std::string& problem : sales::FindProblems(definitions)) reader.Miss(std::move(problem));
  return definitions;
}

warehouse::SnowflakeSignIn ReadSignIn(const Reader& reader) {
  const auto secret = [&](const char* name) { return TakeSecret(reader.Text(name)); };
  warehouse::SnowflakeSignIn sign_in;
  sign_in.private_key = secret("SNOWFLAKE_PRIVATE_KEY");
  sign_in.private_key_passphrase = secret("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE");
  sign_in.access_token = secret("SNOWFLAKE_ACCESS_TOKEN");
  sign_in.oauth_token = secret("SNOWFLAKE_OAUTH_TOKEN");
  sign_in.password = secret("SNOWFLAKE_PASSWORD");
  return sign_in;
}

std::optional<SnowflakeSettings> ReadSnowflake(Reader& reader, bool is_needed) {
  if (!is_needed) return std::nullopt;
  SnowflakeSettings snowflake;
  snowflake.account = reader.Needed("SNOWFLAKE_URL", true);
  snowflake.user = reader.Needed("SNOWFLAKE_USER", true);
  snowflake.database = reader.Needed("SNOWFLAKE_DATABASE", true);
  snowflake.schema = reader.Text("SNOWFLAKE_SCHEMA", "PUBLIC");
  snowflake.warehouse = reader.Needed("SNOWFLAKE_WAREHOUSE", true);
  snowflake.role = reader.Text("SNOWFLAKE_ROLE");
  snowflake.account_name_in_tokens = reader.Text("SNOWFLAKE_ACCOUNT_NAME");
  snowflake.workload_identity = reader.Flag("SNOWFLAKE_WORKLOAD_IDENTITY");
  snowflake.secret_id = reader.Text("SNOWFLAKE_SECRET_ARN");
  snowflake.sign_in = ReadSignIn(reader);
  const bool has_credentials =
      snowflake.workload_identity || !snowflake.secret_id.empty() || snowflake.sign_in.is_given();
  if (!has_credentials) {
    reader.Miss("SNOWFLAKE_SECRET_ARN is not set: the secret that holds the private key");
  }
  return snowflake;
}

}  // namespace

Result<FunctionSettings> ReadFunctionSettings(const Environment& environment,
                                              const FunctionNeeds& needs) {
  Reader reader(environment);
  sales::Definitions definitions = ReadDefinitions(reader);
  const auto zone = reader.Keep(TimeZone::Load(definitions.zone));
  const auto schedule_zone =
      reader.Keep(TimeZone::Load(reader.Text("REVOPS_SCHEDULE_ZONE", "UTC")));
  const auto schedule = reader.Keep(scheduler::CronSchedule::Parse(
      reader.Text("REVOPS_SCHEDULE", "0 2 * * *"), schedule_zone.value_or(TimeZone::Utc())));
  const std::string store_url = reader.Needed("REVOPS_STORE_URL", needs.store);
  const std::string region = reader.Text(
      "REVOPS_STORE_REGION", reader.Text("AWS_REGION", reader.Text("AWS_DEFAULT_REGION")));
  const std::string processor = reader.Needed("REVOPS_PROCESSOR_FUNCTION", needs.processor);
  const std::uint64_t poll_seconds = reader.Number("REVOPS_LIVE_POLL_SECONDS", 3600, 0);
  const std::uint64_t per_minute = reader.Number("REVOPS_LIVE_QUERIES_PER_MINUTE", 1'000'000, 30);
  const std::uint64_t rows_max =
      reader.Number("REVOPS_SNAPSHOT_ROWS_MAX", 1'000'000'000, 5'000'000);
  const bool takes_binary = reader.Flag("REVOPS_REST_API_BINARY");
  auto snowflake = ReadSnowflake(reader, needs.warehouse);
  REVOPS_TRY(reader.status());
  return FunctionSettings{.store_url = store_url,
                          .store_region = region,
                          .definitions = std::move(definitions),
                          .zone = *zone,
                          .schedule = *schedule,
                          .cors_origins = SplitAtCommas(reader.Text("REVOPS_CORS_ORIGINS")),
                          .label = reader.Text("REVOPS_LABEL"),
                          .live_poll_seconds = static_cast<std::uint32_t>(poll_seconds),
                          .live_queries_per_minute = per_minute,
                          .snapshot_rows_max = rows_max,
                          .rest_api_takes_binary = takes_binary,
                          .processor_function = processor,
                          .snowflake = std::move(snowflake)};
}

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace revops::lambda
