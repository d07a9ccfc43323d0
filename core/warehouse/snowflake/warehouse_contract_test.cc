#include "core/warehouse/warehouse_contract.h"

#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>

#include "core/base/logging.h"
#include "core/net/simulator_testing.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/snowflake_warehouse.h"

namespace revops::warehouse {
namespace {

/// WarehouseContract::clock_.
constexpr Instant kSuiteNow{std::chrono::milliseconds(1'795'312'800'000)};
constexpr char kToken[] = "token-of-the-contract-suite";

net::Simulator& SharedSimulator() {
  static net::Simulator simulator({REVOPS_PYTHON, REVOPS_SIMULATOR_DIR, "simulator"});
  return simulator;
}

std::string Json(const std::string& text) {
  std::string json;
  AppendJsonString(json, text);
  return json;
}

std::string Json(const std::optional<std::string>& text) { return text ? Json(*text) : "null"; }

/// A row in the table's order; further texts come last.
std::string ToJson(const sales::Sale& sale) {
  const auto amount = sale.amount ? std::optional(sale.amount->ToString()) : std::nullopt;
  const auto date = sale.sold_on ? std::optional(sale.sold_on->ToString()) : std::nullopt;
  std::string further;
  for (std::size_t i = 5; i < sale.texts.size(); ++i) further += "," + Json(sale.texts[i]);
  return "[" + Json(sale.id) + "," + Json(sale.texts[0]) + "," + Json(sale.texts[1]) + "," +
         Json(amount) + "," + Json(sale.texts[2]) + "," + Json(sale.texts[3]) + "," + Json(date) +
         "," + Json(sale.texts[4]) + further + "]";
}

/// The simulator needs no time to run a statement.
class ShortPause final : public net::Pause {
 public:
  bool For(std::chrono::milliseconds time, const std::stop_token& stop) override {
    return pause_.For(time / 50, stop);
  }

 private:
  net::SystemPause pause_;
};

/// What a warehouse is made of, kept with it.
class OpenWarehouse final : public Warehouse {
 public:
  OpenWarehouse(const sales::Definitions& definitions, const Clock& clock)
      : http_(MakeClient(clock)),
        client_(
            {{true, "localhost", SharedSimulator().port()}, "REVOPS", "PUBLIC", "REVOPS_WH", ""},
            {*http_, *credentials_, clock, random_, pause_}),
        warehouse_(client_, definitions, clock) {}

  Result<std::unique_ptr<WarehouseRead>> BeginRead(std::stop_token stop) override {
    return warehouse_.BeginRead(std::move(stop));
  }
  Result<RecentSales> ReadRecentSales(const LiveQuery& query) override {
    return warehouse_.ReadRecentSales(query);
  }
  Result<WarehouseReport> Examine() override { return warehouse_.Examine(); }

 private:
  static std::unique_ptr<net::HttpClient> MakeClient(const Clock& clock) {
    net::HttpClientConfig config;
    config.user_agent = "revops-tests/1";
    config.ca_file = SharedSimulator().ca_file();
    auto client = net::HttpClient::Make(std::move(config), clock);
    REVOPS_CHECK(client.has_value());
    return *std::move(client);
  }

  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<Credentials> credentials_ = FixedToken({kAccessTokenType, Secret(kToken)});
  SystemRandom random_;
  ShortPause pause_;
  SnowflakeClient client_;
  SnowflakeWarehouse warehouse_;
};

class SnowflakePlace final : public WarehousePlace {
 public:
  explicit SnowflakePlace(const std::string& settings) {
    net::Simulator& simulator = SharedSimulator();
    // The account's clock goes with that of the suite.
    const auto offset = std::chrono::duration<double>(kSuiteNow - std::chrono::system_clock::now());
    simulator.Control("reset", "{\"settings\":{" + settings + "\"clock_offset_seconds\":" +
                                   std::to_string(offset.count()) + "}}");
    simulator.Control("tokens", "{\"kind\":\"PROGRAMMATIC_ACCESS_TOKEN\",\"token\":" +
                                    Json(std::string(kToken)) + "}");
  }

  std::unique_ptr<Warehouse> Open(const sales::Definitions& definitions,
                                  const Clock& clock) override {
    return std::make_unique<OpenWarehouse>(definitions, clock);
  }

  void SetRows(const std::vector<sales::Sale>& rows) override {
    std::string json = "{\"mode\":\"replace\",\"rows\":[";
    for (std::size_t i = 0; i < rows.size(); ++i) json += (i > 0 ? "," : "") + ToJson(rows[i]);
    SharedSimulator().Control("rows", json + "]}");
  }

  void SetTable(const sales::Schema& schema, const std::vector<sales::Sale>& rows) override {
    columns_.resize(8);
    columns_.front().second = schema.has_numeric_ids() ? "NUMBER(38,0)" : "VARCHAR(255)";
    for (std::size_t i = 8; i < schema.columns().size(); ++i) {
      columns_.emplace_back(schema.columns()[i].name, "VARCHAR(255)");
    }
    MakeTableAnew();
    SetRows(rows);
  }

  void DropTable() override { Run("DROP TABLE FCT_SALES"); }
  void DropColumn(const std::string& column) override {
    std::erase_if(columns_, [&](const auto& found) { return found.first == column; });
    MakeTableAnew();
  }
  void RetypeColumn(const std::string& column, const std::string& type) override {
    for (auto& [name, found] : columns_) {
      if (name == column) found = type;
    }
    MakeTableAnew();
  }

 private:
  void MakeTableAnew() {
    std::string list;
    for (const auto& [name, type] : columns_)
      list += (list.empty() ? "" : ", ") + name + " " + type;
    DropTable();
    Run("CREATE TABLE FCT_SALES (" + list + ")");
  }

  std::vector<std::pair<std::string, std::string>> columns_ = {
      {"SALE_ID", "NUMBER(38,0)"}, {"PRODUCT", "VARCHAR(50)"}, {"REGION", "VARCHAR(20)"},
      {"AMOUNT", "NUMBER(12,2)"},  {"STAGE", "VARCHAR(30)"},   {"CUSTOMER_NAME", "VARCHAR(100)"},
      {"SALE_DATE", "DATE"},       {"STATUS", "VARCHAR(20)"},
  };

  static void Run(const std::string& statement) {
    SharedSimulator().Control("sql", "{\"sql\":" + Json(statement) + "}");
  }
};

WarehouseAdapter Adapter(std::string name, std::string settings) {
  return {std::move(name),
          [settings = std::move(settings)] { return std::make_unique<SnowflakePlace>(settings); }};
}

INSTANTIATE_TEST_SUITE_P(Snowflake, WarehouseContract,
                         testing::Values(Adapter("AtOnce", ""),
                                         Adapter("InSmallPartitionsAfterAWait",
                                                 R"("rows_per_partition":700,"answer_202":1,)"),
                                         Adapter("WithoutHistory", R"("retention_seconds":0,)")),
                         WarehouseAdapterName);

class SimulatorFoundNothingWrong final : public testing::Environment {
 public:
  /// Every round of a property asks a server several times.
  void SetUp() override { setenv("RC_PARAMS", "max_success=15", 0); }
  void TearDown() override { EXPECT_EQ(SharedSimulator().ControlGet("violations"), "[]"); }
};

const testing::Environment* const kEnvironment =
    testing::AddGlobalTestEnvironment(new SimulatorFoundNothingWrong);

}  // namespace
}  // namespace revops::warehouse
