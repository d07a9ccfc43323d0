#include "lambdas/common/api_function.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/service.h"
#include "core/api/testing/sample_store.h"
#include "core/base/logging.h"
#include "core/store/memory/memory_store.h"

namespace revops::lambda {
namespace {

namespace json = boost::json;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr char kRuntimeId[] = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
constexpr char kId[] = "8476a536e9f411e897392dfe598c3fcd";
const Instant kNow = *ParseInstant("2026-11-22T10:00:00Z");
const Date kToday = *Date::Parse("2026-11-22");

/// The sample's rows as a warehouse has them.
class SampleWarehouse final : public warehouse::Warehouse {
 public:
  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token) override {
    return Fail(ErrorCode::kUnsupported, "not asked for");
  }
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery& query) override {
    if (fails) return Fail(ErrorCode::kPermissionDenied, "no", "snowflake:390144");
    warehouse::RecentSales recent;
    recent.began_at = kNow;
    for (const api::SampleRow& row : api::SampleRows(kToday)) {
      if (row.sold_on && query.window.contains(*row.sold_on)) recent.rows.push_back(ToSale(row));
    }
    recent.totals[sales::Status::kOpen] = {recent.rows.size(), 0, Money()};
    return recent;
  }
  Result<warehouse::WarehouseReport> Examine() override { return warehouse::WarehouseReport(); }

  bool fails = false;
};

/// Passes on until the power is cut.
class CutStore final : public store::ObjectStore {
 public:
  explicit CutStore(store::ObjectStore& beneath) : beneath_(beneath) {}

  Result<store::Object> Get(std::string_view key) override {
    ++gets;
    if (is_cut) return Fail(ErrorCode::kUnavailable, "cut", "s3:503");
    return beneath_.Get(key);
  }
  Result<store::Version> Put(std::string_view key, std::string_view bytes,
                             const store::PutCondition& condition) override {
    return beneath_.Put(key, bytes, condition);
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view prefix) override {
    if (is_cut) return Fail(ErrorCode::kUnavailable, "cut", "s3:503");
    return beneath_.List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return beneath_.Delete(key); }

  bool is_cut = false;
  int gets = 0;

 private:
  store::ObjectStore& beneath_;
};

class OneJob final : public api::RefreshControl {
 public:
  OneJob() { job_.id = "0123456789abcdef0123456789abcdef"; }
  Result<snapshot::RefreshJob> StartOrJoin(bool& joined) override {
    joined = false;
    return job_;
  }
  std::optional<snapshot::RefreshJob> newest() override { return job_; }
  Result<snapshot::RefreshJob> Find(std::string_view) override { return job_; }
  Result<snapshot::RefreshJob> Cancel(std::string_view) override { return job_; }

 private:
  snapshot::RefreshJob job_;
};

struct Asked {
  std::string method;
  std::string path;
  std::string query;
  Fields fields;
  std::string body;
};

struct Seen {
  std::int64_t status = 0;
  std::map<std::string, std::string> fields;
  std::string body;

  friend bool operator==(const Seen&, const Seen&) = default;
};

FunctionSettings SettingsOf(const Environment& environment) {
  return *ReadFunctionSettings(environment, {});
}

std::string Version2(const Asked& asked) {
  json::object fields;
  for (const auto& [name, value] : asked.fields) fields.emplace(name, value);
  const json::object http{{"method", asked.method}, {"path", asked.path}};
  return json::serialize(
      json::object{{"version", "2.0"},
                   {"routeKey", "$default"},
                   {"rawPath", asked.path},
                   {"rawQueryString", asked.query},
                   {"headers", fields},
                   {"requestContext", json::object{{"http", http}, {"stage", "$default"}}},
                   {"body", asked.body},
                   {"isBase64Encoded", false}});
}

/// As a REST API whose binary types are */*: values decoded, each parameter and field in a list.
std::string Version1(const Asked& asked, const Fields& parameters) {
  json::object fields;
  for (const auto& [name, value] : asked.fields) fields[name] = json::array{value};
  json::object query;
  for (const auto& [name, value] : parameters) {
    if (!query.contains(name)) query[name] = json::array();
    query[name].as_array().emplace_back(value);
  }
  return json::serialize(json::object{
      {"resource", "/{proxy+}"},
      {"path", asked.path},
      {"httpMethod", asked.method},
      {"headers", nullptr},
      {"multiValueHeaders", fields},
      {"queryStringParameters", nullptr},
      {"multiValueQueryStringParameters", query.empty() ? json::value() : json::value(query)},
      {"pathParameters", json::object{{"proxy", asked.path.substr(1)}}},
      {"body", asked.body.empty() ? json::value() : json::value(asked.body)},
      {"isBase64Encoded", false}});
}

std::string FromBase64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return bytes;
}

Seen SeenOf(const std::string& answer) {
  const json::value value = json::parse(answer);
  Seen seen;
  seen.status = value.at("statusCode").as_int64();
  for (const auto& [name, field] : value.at("headers").as_object()) {
    seen.fields.emplace(name, field.as_string());
  }
  seen.body = std::string(value.at("body").as_string());
  if (value.at("isBase64Encoded").as_bool()) seen.body = FromBase64(seen.body);
  return seen;
}

/// What the server would send.
Seen SeenOf(const HttpResponse& response, const std::string& method) {
  Seen seen;
  seen.status = response.status;
  for (const auto& [name, value] : response.headers) seen.fields.emplace(name, value);
  seen.body = response.body;
  if (response.prepared) {
    std::string_view head = response.prepared->bytes;
    seen.body = head.substr(response.prepared->header_size);
    head = head.substr(0, response.prepared->header_size - 2);
    while (!head.empty()) {
      const std::string_view line = head.substr(0, head.find("\r\n"));
      head.remove_prefix(line.size() + 2);
      seen.fields.emplace(line.substr(0, line.find(": ")), line.substr(line.find(": ") + 2));
    }
  }
  seen.fields.erase("Content-Length");
  if (method == "HEAD") seen.body.clear();
  return seen;
}

struct ApiFunctionTest : testing::Test {
  FakeClock clock{kNow};
  SeededRandom random{1};
  store::MemoryObjectStore memory{clock};
  CutStore store{memory};
  SampleWarehouse warehouse;
  OneJob refresh;
  FunctionSettings settings = SettingsOf([](const std::string& name) -> std::optional<std::string> {
    if (name == "REVOPS_REST_API_BINARY") return "true";
    if (name == "REVOPS_CORS_ORIGINS") return "https://app.example.com";
    return std::nullopt;
  });
  ApiFunction function{
      {&store, &warehouse, &refresh, clock, random, settings, "/api/pipeline/by-region"}};

  ApiFunctionTest() { SetLogLevel(LogLevel::kError); }

  api::SampleSnapshot Sample() const {
    api::SampleSnapshot sample;
    sample.rows = api::SampleRows(kToday);
    sample.business_date = kToday;
    sample.data_as_of = *ParseInstant("2026-11-22T02:00:00Z");
    sample.computed_at = *ParseInstant("2026-11-22T02:00:01.250Z");
    return sample;
  }

  void PublishSample() { api::PublishSample(memory, Sample()); }

  /// A later snapshot of other rows; its id.
  std::string PublishLater() {
    api::SampleSnapshot sample = Sample();
    sample.rows.pop_back();
    sample.data_as_of = *ParseInstant("2026-11-22T08:00:00Z");
    sample.computed_at = *ParseInstant("2026-11-22T08:00:01Z");
    return api::PublishSample(memory, sample);
  }

  Seen Call(const std::string& event) {
    net::LambdaInvocation invocation;
    invocation.request_id = kRuntimeId;
    invocation.payload = event;
    invocation.deadline = clock.SteadyNow() + std::chrono::seconds(29);
    const Result<std::string> answer = function.Handle(invocation);
    EXPECT_TRUE(answer.has_value());
    return SeenOf(answer.value_or("{}"));
  }
};

struct Case {
  Asked asked;
  Fields parameters;  ///< the decoded query
};

std::vector<Case> Cases() {
  const Fields json = {{"content-type", "application/json"}};
  std::vector<Case> cases;
  const auto get = [&](std::string path, std::string query = {}, Fields parameters = {},
                       Fields fields = {}) {
    cases.push_back(
        {{"GET", std::move(path), std::move(query), std::move(fields), {}}, std::move(parameters)});
  };
  for (const char* group : {"region", "product", "stage", "status", "month", "colour"}) {
    const std::string path = std::string("/api/pipeline/by-") + group;
    for (const char* coding : {"", "gzip", "br", "gzip;q=0, identity"}) {
      get(path, {}, {}, {{"accept-encoding", coding}});
      get(path, "region=North&region=West", {{"region", "North"}, {"region", "West"}},
          {{"accept-encoding", coding}});
    }
    get(path, {}, {}, {{"accept", "text/csv"}});
    get(path, "region=", {{"region", ""}});
    get(path, "product=Sage+Intacct", {{"product", "Sage Intacct"}});
    get(path, "not_stage=negotiation&from=2026-11-12&to=2026-11-18",
        {{"not_stage", "negotiation"}, {"from", "2026-11-12"}, {"to", "2026-11-18"}});
    get(path, "from=2026-02-30", {{"from", "2026-02-30"}});
    get(path, "colour=red", {{"colour", "red"}});
    get(path, "region=%C3%A9%26%2B", {{"region", "é&+"}});
    get(path, {}, {}, {{"origin", "https://app.example.com"}});
    cases.push_back({{"HEAD", path, {}, {}, {}}, {}});
    cases.push_back({{"PUT", path, {}, {}, {}}, {}});
    cases.push_back(
        {{"OPTIONS",
          path,
          {},
          {{"origin", "https://app.example.com"}, {"access-control-request-method", "GET"}},
          {}},
         {}});
  }
  for (const char* path :
       {"/api/summary", "/api/metrics", "/api/receipt", "/api/sales", "/api/snapshots",
        "/api/openapi.json", "/api/sales/last-month", "/healthz", "/readyz", "/api/refresh",
        "/nope", "/api/refresh/0123456789abcdef0123456789abcdef", "/"}) {
    for (const char* coding : {"", "gzip, br"}) get(path, {}, {}, {{"accept-encoding", coding}});
    get(path, "limit=3", {{"limit", "3"}});
    get(path, "as_of=20200101T000000Z-00000000", {{"as_of", "20200101T000000Z-00000000"}});
  }
  cases.push_back({{"POST", "/api/refresh", {}, json, "{}"}, {}});
  cases.push_back({{"POST", "/api/refresh", {}, {}, "{}"}, {}});
  cases.push_back({{"POST", "/api/refresh", {}, json, "{\"a\":1}"}, {}});
  cases.push_back({{"POST",
                    "/api/refresh",
                    {},
                    {{"content-type", "application/json"}, {"origin", "https://evil.example"}},
                    {}},
                   {}});
  cases.push_back({{"DELETE", "/api/refresh/0123456789abcdef0123456789abcdef", {}, json, {}}, {}});
  return cases;
}

/// What `revops serve` puts together from the same parts.
struct Serve {
  explicit Serve(ApiFunctionTest& test)
      : catalog(test.memory),
        live(test.warehouse),
        events(kNow),
        status(test.settings),
        service({.snapshots = catalog,
                 .live = live,
                 .refresh = test.refresh,
                 .events = events,
                 .status = status,
                 .clock = test.clock,
                 .deployment = {.label = {},
                                .version = kVersion,
                                .live_poll_seconds = 0,
                                .warehouse = "snowflake"},
                 .definitions = test.settings.definitions,
                 .zone = test.settings.zone,
                 .live_limits = {.statements_per_minute = 30},
                 .origins = test.settings.cors_origins}) {
    EXPECT_TRUE(catalog.Reload());
  }

  Seen Ask(const Asked& asked) {
    std::vector<HttpField> fields;
    for (const auto& [name, value] : asked.fields) fields.push_back({name, value});
    const HttpRequest request{asked.method, asked.path, asked.query, fields, asked.body, kId};
    auto now = service.AnswerNow(request);
    return SeenOf(Await(now ? *std::move(now) : service.Answer(request)), asked.method);
  }

  struct Live final : api::LiveSales {
    explicit Live(warehouse::Warehouse& beneath) : warehouse(beneath) {}
    Result<api::LiveRows> Read(const api::LiveQuestion& question) override {
      REVOPS_TRY_ASSIGN(
          auto recent,
          warehouse.ReadRecentSales({question.window, question.rows_max, question.deadline, {}}));
      return api::LiveRows{recent.began_at, sales::Schema::FctSales(), std::move(recent.rows),
                           recent.totals};
    }
    warehouse::Warehouse& warehouse;
  };
  struct Status final : api::DeploymentStatus {
    explicit Status(const FunctionSettings& given) : settings(given) {}
    std::optional<Instant> next_run_at() const override {
      return settings.schedule.NextAfter(kNow);
    }
    std::optional<api::FailedRun> last_run_failed() const override { return std::nullopt; }
    std::vector<std::string> not_ready_reasons() const override { return {}; }
    std::optional<std::vector<api::ReceiptDay>> receipt() const override { return std::nullopt; }
    const FunctionSettings& settings;
  };

  static constexpr char kVersion[] = "0.1.0";
  api::SnapshotCatalog catalog;
  Live live;
  api::EventHub events;
  Status status;
  api::Service service;
};

TEST_F(ApiFunctionTest, AnswersByteForByteAsTheServerDoes) {
  PublishSample();
  Serve serve(*this);
  for (const Case& one : Cases()) {
    const Seen wanted = serve.Ask(one.asked);
    const std::string what = one.asked.method + " " + one.asked.path + "?" + one.asked.query;
    EXPECT_EQ(Call(Version1(one.asked, one.parameters)), wanted) << what;
    EXPECT_EQ(Call(Version2(one.asked)), wanted) << what;
  }
}

TEST_F(ApiFunctionTest, AnswersNotModified) {
  PublishSample();
  const Seen first = Call(Version2({"GET", "/api/summary", {}, {}, {}}));
  const Seen second =
      Call(Version2({"GET", "/api/summary", {}, {{"if-none-match", first.fields.at("ETag")}}, {}}));
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
}

TEST_F(ApiFunctionTest, AnEventOfNobodyIsAQuestionForItsOwnPath) {
  PublishSample();
  EXPECT_EQ(Call("{}"), Call(Version2({"GET", "/api/pipeline/by-region", {}, {}, {}})));
}

TEST_F(ApiFunctionTest, SeesANewSnapshotWithTheNextCall) {
  PublishSample();
  const Seen before = Call("{}");
  api::ConfirmSample(memory, *ParseInstant("2026-11-22T09:00:00Z"),
                     *ParseInstant("2026-11-22T09:00:01Z"));
  const Seen after = Call("{}");
  EXPECT_NE(before.body, after.body);
  EXPECT_THAT(after.body, testing::HasSubstr("2026-11-22T09:00:01.000Z"));
}

TEST_F(ApiFunctionTest, ReadsWhatAnAnswerNeedsAndNoMore) {
  PublishSample();
  function.Prepare();
  EXPECT_EQ(store.gets, 3) << "pointer, manifest, definitions";
  const Seen first = Call("{}");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(store.gets, 4) << "the view";
  EXPECT_EQ(Call("{}"), first);
  EXPECT_EQ(store.gets, 5) << "the pointer alone";
}

TEST_F(ApiFunctionTest, LooksAgainWhenTheFirstCallComesLate) {
  PublishSample();
  function.Prepare();
  api::ConfirmSample(memory, *ParseInstant("2026-11-22T09:00:00Z"),
                     *ParseInstant("2026-11-22T09:00:01Z"));
  clock.Advance(std::chrono::seconds(2));
  EXPECT_THAT(Call("{}").body, testing::HasSubstr("2026-11-22T09:00:01.000Z"));
}

TEST_F(ApiFunctionTest, ServesAnOlderSnapshotWhenTheNewestIsDamaged) {
  PublishSample();
  const std::string damaged = PublishLater();
  const snapshot::Manifest manifest = snapshot::ReadManifest(memory, damaged).value();
  ASSERT_TRUE(
      memory.Put(manifest.views.at("by-region").key(), "damaged", store::PutCondition::None()));
  for (int call = 0; call < 2; ++call) {
    const Seen seen = Call("{}");
    EXPECT_EQ(seen.status, 200);
    EXPECT_THAT(seen.body, testing::HasSubstr(R"("degraded":"object_damaged")"));
    EXPECT_THAT(seen.body, testing::Not(testing::HasSubstr(damaged)));
  }
}

TEST_F(ApiFunctionTest, GoesOnServingWhileTheStoreIsAway) {
  PublishSample();
  const Seen before = Call("{}");
  store.is_cut = true;
  EXPECT_EQ(Call("{}"), before);
}

TEST_F(ApiFunctionTest, SaysThatTheStoreIsAwayWhenItHasNothing) {
  PublishSample();
  store.is_cut = true;
  function.Prepare();
  const Seen cut = Call("{}");
  EXPECT_EQ(cut.status, 503);
  EXPECT_THAT(cut.body, testing::HasSubstr(kId));
  store.is_cut = false;
  EXPECT_EQ(Call("{}").status, 200);
}

TEST_F(ApiFunctionTest, LooksAgainWhenThereWasNothing) {
  function.Prepare();
  PublishSample();
  EXPECT_EQ(Call("{}").status, 200);
}

TEST_F(ApiFunctionTest, SaysThatThereIsNoSnapshotYet) {
  EXPECT_EQ(Call("{}").status, 503);
  EXPECT_THAT(Call("{}").body, testing::HasSubstr("no_snapshot"));
}

TEST_F(ApiFunctionTest, AVendorsRefusalIsNotTheBrowsers) {
  warehouse.fails = true;
  EXPECT_EQ(Call(Version2({"GET", "/api/sales/last-month", {}, {}, {}})).status, 502);
}

TEST_F(ApiFunctionTest, DoesWithoutTheStoreWhereItHasNone) {
  ApiFunction live({.warehouse = &warehouse,
                    .clock = clock,
                    .random = random,
                    .settings = settings,
                    .own_path = "/api/sales/last-month"});
  live.Prepare();
  net::LambdaInvocation invocation;
  invocation.payload = "{}";
  const Seen seen = SeenOf(*live.Handle(invocation));
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(SeenOf(*live.Handle(invocation)).body, seen.body);
  invocation.payload =
      Version2({"POST", "/api/refresh", {}, {{"content-type", "application/json"}}, {}});
  EXPECT_EQ(SeenOf(*live.Handle(invocation)).status, 502);
}

TEST_F(ApiFunctionTest, DoesNotStream) {
  EXPECT_EQ(Call(Version2({"GET", "/api/events", {}, {}, {}})).status, 501);
}

TEST_F(ApiFunctionTest, AnEventThatIsNoneFailsTheCall) {
  net::LambdaInvocation invocation;
  invocation.payload = "[]";
  EXPECT_EQ(function.Handle(invocation).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace revops::lambda
