#include "apps/revops/settings.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/revops/config_schema.h"

namespace revops::app {
namespace {

using testing::HasSubstr;

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

/// One key: two other values than its default, and how its value reads in the settings.
struct Key {
  const char* toml;         ///< in the file
  const char* environment;  ///< in the environment
  std::string (*read)(const Settings&);
  const char* expected_of_toml;
  const char* expected_of_environment;
};

const std::map<std::string, Key> kKeys = {
    {"import.bytes_max",
     {"1", "1000000", [](const Settings& s) { return std::to_string(s.import_bytes_max); }, "1",
      "1000000"}},
    {"import.watch",
     {"'inbox'", "/mnt/exports", [](const Settings& s) { return s.import_watch; }, "inbox",
      "/mnt/exports"}},
    {"import.watch_mode",
     {"'replace'", "replace", [](const Settings& s) { return s.import_watch_mode; }, "replace",
      "replace"}},
    {"import.rates",
     {"'rates.csv'", "/etc/rates.csv", [](const Settings& s) { return s.import_rates; },
      "rates.csv", "/etc/rates.csv"}},
    {"server.listen",
     {"'[::1]:80'", "localhost:0",
      [](const Settings& s) { return s.listen.host + ":" + std::to_string(s.listen.port); },
      "::1:80", "localhost:0"}},
    {"server.host_names",
     {"['a', 'b:1']", "c,d", [](const Settings& s) { return Joined(s.host_names); }, "a,b:1",
      "c,d"}},
    {"server.cors_origins",
     {"[]", "http://a", [](const Settings& s) { return Joined(s.cors_origins); }, "", "http://a"}},
    {"server.published_on_loopback",
     {"true", "1", [](const Settings& s) { return std::to_string(s.published_on_loopback); }, "1",
      "1"}},
    {"report.zone",
     {"'Europe/Berlin'", "Asia/Kolkata",
      [](const Settings& s) { return s.zone.name() + " " + s.definitions.zone; },
      "Europe/Berlin Europe/Berlin", "Asia/Kolkata Asia/Kolkata"}},
    {"report.currency",
     {"'EUR'", "USD", [](const Settings& s) { return s.definitions.currency.value_or("none"); },
      "EUR", "USD"}},
    {"report.locale",
     {"'de-DE'", "fr-FR", [](const Settings& s) { return s.definitions.locale; }, "de-DE",
      "fr-FR"}},
    {"report.stages",
     {"['A', 'B']", "C,,D,", [](const Settings& s) { return Joined(s.definitions.stages); }, "A,B",
      "C,D"}},
    {"schedule.cron",
     {"'*/5 * * * *'", "1 1 * * *", [](const Settings& s) { return s.schedule.expression(); },
      "*/5 * * * *", "1 1 * * *"}},
    {"schedule.zone",
     {"'America/Nuuk'", "Asia/Beirut", [](const Settings& s) { return s.schedule.zone().name(); },
      "America/Nuuk", "Asia/Beirut"}},
    {"live.poll_seconds",
     {"0", "3600", [](const Settings& s) { return std::to_string(s.live_poll_seconds); }, "0",
      "3600"}},
    {"live.queries_per_minute",
     {"7", "1000000", [](const Settings& s) { return std::to_string(s.live_queries_per_minute); },
      "7", "1000000"}},
    {"snapshot.rows_max",
     {"1000000000", "0", [](const Settings& s) { return std::to_string(s.snapshot_rows_max); },
      "1000000000", "0"}},
    {"deployment.label",
     {"'demo'", "sample", [](const Settings& s) { return s.label.value_or(""); }, "demo",
      "sample"}},
};

/// Keys and their schemas, as contracts/config.schema.json has them, but for those of [snowflake]
/// and [store], which are valid together alone.
std::map<std::string, boost::json::object> SchemaKeys() {
  std::map<std::string, boost::json::object> keys;
  const boost::json::value schema = boost::json::parse(kConfigSchema);
  for (const auto& [section, body] : schema.at("properties").as_object()) {
    if (section == "snowflake" || section == "store") continue;
    for (const auto& [key, value] : body.at("properties").as_object()) {
      keys.emplace(std::string(section) + "." + std::string(key), value.as_object());
    }
  }
  return keys;
}

std::string EnvironmentName(const std::string& key) {
  return std::string(SchemaKeys().at(key).at("x-env").as_string());
}

std::string Toml(const std::string& key, const std::string& value) {
  const auto dot = key.find('.');
  return "[" + key.substr(0, dot) + "]\n" + key.substr(dot + 1) + " = " + value + "\n";
}

using Variables = std::map<std::string, std::string>;

Result<Settings> Parse(const std::string& toml, const Variables& variables = {}) {
  return ParseSettings(toml, "revops.toml", [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string Refusal(const std::string& toml, const Variables& variables = {}) {
  const auto settings = Parse(toml, variables);
  if (settings) return "accepted";
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalidArgument);
  return settings.error().message;
}

TEST(Settings, KnowEveryKeyOfTheSchemaAndNoOther) {
  std::set<std::string> in_schema;
  std::set<std::string> here;
  for (const auto& [key, schema] : SchemaKeys()) in_schema.insert(key);
  for (const auto& [key, values] : kKeys) here.insert(key);
  EXPECT_EQ(here, in_schema);
}

TEST(Settings, AreTheSchemasDefaultsWithoutAFile) {
  const auto bare = Parse("");
  ASSERT_TRUE(bare);
  for (const auto& [key, schema] : SchemaKeys()) {
    const std::string literal = boost::json::serialize(schema.at("default"));
    const auto explicitly = Parse(Toml(key, literal));
    ASSERT_TRUE(explicitly) << key;
    EXPECT_EQ(kKeys.at(key).read(*bare), kKeys.at(key).read(*explicitly)) << key;
  }
}

TEST(Settings, TakeEachKeyFromTheFileAndTheEnvironmentOverIt) {
  for (const auto& [key, values] : kKeys) {
    const auto of_file = Parse(Toml(key, values.toml));
    ASSERT_TRUE(of_file) << key;
    EXPECT_EQ(values.read(*of_file), values.expected_of_toml) << key;
    const Variables variables = {{EnvironmentName(key), values.environment}};
    for (const std::string& toml : {std::string(), Toml(key, values.toml)}) {
      const auto over = Parse(toml, variables);
      ASSERT_TRUE(over) << key;
      EXPECT_EQ(values.read(*over), values.expected_of_environment) << key;
    }
  }
}

TEST(Settings, NameEachKeyOfAnotherType) {
  for (const auto& [key, schema] : SchemaKeys()) {
    EXPECT_THAT(Refusal(Toml(key, "1979-05-27")), HasSubstr("key " + key + " must be a ")) << key;
    EXPECT_THAT(Refusal(Toml(key, "[1]")), HasSubstr("key " + key + " must be a ")) << key;
    if (schema.at("type") != "integer" && schema.at("type") != "boolean") continue;
    const std::string variable = EnvironmentName(key);
    EXPECT_THAT(Refusal("", {{variable, "many"}}), HasSubstr(variable + " must be a ")) << key;
  }
}

TEST(Settings, HoldNumbersToTheirRange) {
  for (const auto& [key, schema] : SchemaKeys()) {
    if (schema.at("type") != "integer") continue;
    const auto least = schema.at("minimum").as_int64();
    const auto most = schema.at("maximum").as_int64();
    for (const auto value : {least, most}) {
      EXPECT_TRUE(Parse(Toml(key, std::to_string(value)))) << key;
    }
    for (const std::string& value : {std::to_string(least - 1), std::to_string(most + 1)}) {
      const std::string range =
          "integer from " + std::to_string(least) + " to " + std::to_string(most);
      EXPECT_THAT(Refusal(Toml(key, value)), HasSubstr(range));
      EXPECT_THAT(Refusal("", {{EnvironmentName(key), value}}), HasSubstr(range));
    }
    EXPECT_NE(Refusal("", {{EnvironmentName(key), "99999999999999999999"}}), "accepted");
  }
}

TEST(Settings, NameEveryBadKeyAtOnce) {
  const std::string said = Refusal(
      "surplus = 1\n"
      "live = 15\n"
      "[server]\nlisten = 'nowhere'\nport = 80\n"
      "[report]\nzone = 'Mars/Olympus'\nstages = 'A'\nlocale = 'en_GB'\ncurrency = 'XYZW'\n"
      "[schedule]\ncron = '61 * * * *'\n",
      {{"REVOPS_PUBLISHED_ON_LOOPBACK", "perhaps"}});
  for (const char* part :
       {"configuration revops.toml: ", "unknown key surplus", "live must be a table, [live]",
        "server.listen 'nowhere'", "unknown key server.port", "Mars/Olympus", "key report.stages",
        "report.locale 'en_GB' is not a language tag such as en-GB",
        "report.currency 'XYZW' is not a code of three letters",
        "environment variable REVOPS_PUBLISHED_ON_LOOPBACK must be a boolean"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
  EXPECT_THAT(said, HasSubstr("61"));
  EXPECT_EQ(said.find('\n'), std::string::npos);
}

TEST(Settings, BlameTheVariableThatHasTheWrongValue) {
  const std::string said =
      Refusal("", {{"REVOPS_LISTEN", "nowhere"}, {"REVOPS_ZONE", "Mars/Olympus"}});
  EXPECT_THAT(said, HasSubstr("environment variable REVOPS_LISTEN: server.listen 'nowhere'"));
  EXPECT_THAT(said,
              HasSubstr("environment variable REVOPS_ZONE: unknown time zone 'Mars/Olympus'"));
}

TEST(Settings, KnowTheModesOfAWatchedFolder) {
  EXPECT_THAT(Refusal("[import]\nwatch_mode = 'append'\n"),
              HasSubstr("import.watch_mode 'append' is neither upsert nor replace"));
}

TEST(Settings, SayWhereAFileIsNoToml) {
  EXPECT_THAT(Refusal("[live]\npoll_seconds = = 1\n"), HasSubstr("revops.toml line 2: "));
  EXPECT_NE(Refusal("[live]\n[live]\n"), "accepted");
}

TEST(Settings, AreReadFromAFile) {
  const auto none = [](const std::string&) { return std::optional<std::string>(); };
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "revops-settings-test";
  std::filesystem::create_directories(folder);
  const auto file = folder / "revops.toml";
  std::ofstream(file) << "[deployment]\nlabel = 'demo'\n";
  EXPECT_EQ(LoadSettings(file, none).value().label, "demo");
  EXPECT_EQ(LoadSettings(folder / "absent.toml", none).value().label, std::nullopt);
  EXPECT_EQ(LoadSettings(file, none).value().import_rates, "");
  std::ofstream(file) << "[import]\nrates = 'rates.csv'\n";
  EXPECT_EQ(LoadSettings(file, none).value().import_rates, folder / "rates.csv");
  std::ofstream(file) << "[import]\nrates = '/etc/rates.csv'\n";
  EXPECT_EQ(LoadSettings(file, none).value().import_rates, "/etc/rates.csv");
  EXPECT_EQ(LoadSettings(folder, none).error().code, ErrorCode::kInvalidArgument);
  std::filesystem::remove_all(folder);
}

TEST(Settings, NameABucketAsTheStore) {
  EXPECT_FALSE(Parse("")->s3);
  EXPECT_FALSE(Parse("[store]\nregion = 'eu-west-1'\nendpoint = 'nonsense'\n")->s3);
  const auto of_file = Parse(
      "[store]\nurl = 's3://sales-data/team'\nregion = 'eu-west-1'\n"
      "endpoint = 'http://127.0.0.1:9000'\ntimeout_seconds = 60\n");
  ASSERT_TRUE(of_file) << of_file.error().message;
  EXPECT_EQ(of_file->s3->place, (store::S3Place{"sales-data", "team/"}));
  EXPECT_EQ(of_file->s3->region, "eu-west-1");
  EXPECT_EQ(of_file->s3->endpoint, (net::HttpOrigin{false, "127.0.0.1", 9000}));
  EXPECT_EQ(of_file->s3->operation_timeout, std::chrono::seconds(60));
  const auto of_environment =
      Parse("[store]\nurl = 's3://other'\n", {{"REVOPS_STORE_URL", "s3://sales-data"}});
  ASSERT_TRUE(of_environment);
  EXPECT_EQ(of_environment->s3->place, (store::S3Place{"sales-data", ""}));
  EXPECT_EQ(of_environment->s3->endpoint, std::nullopt);
  EXPECT_EQ(of_environment->s3->operation_timeout, std::chrono::seconds(20));
  EXPECT_FALSE(Parse("[store]\nurl = 's3://sales-data'\n", {{"REVOPS_STORE_URL", ""}})->s3);
}

TEST(Settings, SayWhatIsWrongWithABucketAndItsServer) {
  EXPECT_THAT(Refusal("[store]\nurl = 'https://sales-data'\nendpoint = 'minio'\n"),
              testing::AllOf(HasSubstr("s3://BUCKET"), HasSubstr("store.endpoint")));
}

TEST(ListenAddress, IsAnAddressAndAPort) {
  const auto shown = [](std::string_view text) {
    const auto address = ParseListenAddress(text);
    return address ? address->host + " " + std::to_string(address->port) : "refused";
  };
  EXPECT_EQ(shown("127.0.0.1:8080"), "127.0.0.1 8080");
  EXPECT_EQ(shown("[::1]:0"), "::1 0");
  EXPECT_EQ(shown("localhost:65535"), "localhost 65535");
  for (const char* bad : {"", ":", ":80", "a:", "a:-1", "a:65536", "a:x", "a", "[]:80", "a:80 "}) {
    EXPECT_EQ(shown(bad), "refused") << bad;
  }
}

TEST(ListenAddress, KnowsLoopback) {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "::1", "localhost"}) {
    EXPECT_TRUE((ListenAddress{host, 1}.is_loopback())) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "example.org", "128.0.0.1"}) {
    EXPECT_FALSE((ListenAddress{host, 1}.is_loopback())) << host;
  }
}

}  // namespace
}  // namespace revops::app
