#include "core/warehouse/snowflake/snowflake_warehouse.h"

#include <utility>

#include "core/base/time_zone.h"
#include "core/sales/normalize.h"
#include "core/warehouse/recent_sales.h"
#include "core/warehouse/row_findings.h"
#include "core/warehouse/snowflake/sinks.h"
#include "core/warehouse/snowflake/snowflake_read.h"
#include "core/warehouse/snowflake/type_map.h"

namespace revops::warehouse {
namespace {

constexpr std::chrono::seconds kExamineMax{60};
constexpr std::chrono::seconds kClockErrorMax{60};

/// Rows of the window, whose last four columns are NULL, and totals by status.
class RecentSink final : public ResultSink {
 public:
  RecentSink(const SnowflakeTable& table, const sales::Definitions& definitions)
      : table_(table),
        reader_(table.schema),
        normalizer_(table.schema, definitions),
        width_(table.names.size()) {}

  RecentSales answer;
  bool has_other_columns = false;

  Result<void> Begin(const std::vector<ResultColumn>& columns) override {
    has_other_columns = columns.size() != width_ + 4 || !fits(table_, columns);
    if (!has_other_columns) return {};
    return UnexpectedResult("the table has changed its columns");
  }

  Result<void> Take(const ResultCells& cells) override {
    REVOPS_TRY_ASSIGN(const auto views, reader_.Read(cells));
    for (std::size_t row = 0; row < views.size(); ++row) {
      const auto deals = cells.at(row, width_ + 1);
      if (!deals) {
        answer.rows.push_back(ToSale(views[row]));
        continue;
      }
      const auto count = DecodeInteger(*deals);
      const auto priced = DecodeInteger(cells.at(row, width_ + 2).value_or(""));
      const auto amount = cells.at(row, width_ + 3);
      const auto money = amount ? DecodeMoney(*amount) : Money();
      const bool are_counts = count && priced && *count >= 0 && *priced >= 0;
      if (!are_counts || !money) return UnexpectedResult("totals");
      AddStatus(cells.at(row, width_),
                {static_cast<std::uint64_t>(*count), static_cast<std::uint64_t>(*priced), *money},
                table_.schema, normalizer_, answer.totals);
    }
    return {};
  }

 private:
  const SnowflakeTable& table_;
  SaleReader reader_;
  sales::Normalizer normalizer_;
  const std::size_t width_;
};

/// The statement names a column that is no longer there.
bool is_missing_column(const Error& error) { return error.origin == "snowflake:000904"; }

WarehouseFinding ClockFinding(Instant ours, Instant servers) {
  const auto off = std::chrono::round<std::chrono::seconds>(ours - servers);
  if (std::chrono::abs(off) <= kClockErrorMax) {
    return {true, "snowflake_clock", "This machine and Snowflake agree on the time."};
  }
  return {false, "snowflake_clock",
          "This machine's clock is " + std::to_string(std::abs(off.count())) + " s " +
              (off.count() > 0 ? "ahead of" : "behind") +
              " Snowflake's: set it (for example with timedatectl set-ntp true)."};
}

/// One row of CountQuery.
RowCounts ToCounts(const std::vector<std::optional<std::string>>& row) {
  const auto count = [&](std::size_t i) {
    const auto& cell = row[i];
    const auto number = cell ? DecodeInteger(*cell) : std::nullopt;
    return static_cast<std::int64_t>(number.value_or(0));
  };
  RowCounts counts{count(0), count(1), count(2), count(3), std::nullopt};
  if (const auto days = row[4] ? DecodeDays(*row[4]) : std::nullopt) {
    counts.newest_on = Date::FromDays(*days);
  }
  return counts;
}

}  // namespace

SnowflakeWarehouse::SnowflakeWarehouse(SnowflakeClient& client, sales::Definitions definitions,
                                       const Clock& clock)
    : client_(client), definitions_(std::move(definitions)), clock_(clock) {}

StatementBounds SnowflakeWarehouse::BoundsOf(const std::stop_token& stop) const {
  return ReadBounds(clock_, stop);
}

Result<std::shared_ptr<const SnowflakeTable>> SnowflakeWarehouse::Describe(
    const StatementBounds& bounds) {
  ColumnsOnly sink;
  auto done = client_.Execute(DescribeQuery(), sink, bounds);
  if (!done && done.error().code == ErrorCode::kNotFound) {
    Error error = done.error();
    error.message = "Snowflake shows no table " + client_.target().database + "." +
                    client_.target().schema + ".FCT_SALES to this role: " + error.message;
    return Fail(std::move(error));
  }
  REVOPS_TRY(done);
  REVOPS_TRY_ASSIGN(SnowflakeTable table, ToSalesTable(sink.columns));
  auto found = std::make_shared<const SnowflakeTable>(std::move(table));
  const std::scoped_lock lock(mutex_);
  table_ = found;
  return found;
}

Result<std::shared_ptr<const SnowflakeTable>> SnowflakeWarehouse::KnownTable(
    const StatementBounds& bounds) {
  {
    const std::scoped_lock lock(mutex_);
    if (table_) return table_;
  }
  return Describe(bounds);
}

void SnowflakeWarehouse::Forget(const std::shared_ptr<const SnowflakeTable>& table) {
  const std::scoped_lock lock(mutex_);
  if (table_ == table) table_ = nullptr;
}

Result<std::unique_ptr<WarehouseRead>> SnowflakeWarehouse::BeginRead(std::stop_token stop) {
  const Instant began_at = clock_.Now();
  REVOPS_TRY_ASSIGN(auto table, Describe(BoundsOf(stop)));
  // In this order, so that the token never tells of a write which the read does not see.
  REVOPS_TRY_ASSIGN(auto token, ReadChangeToken(client_, BoundsOf(stop)));
  REVOPS_TRY_ASSIGN(auto instant, ReadServerTime(client_, BoundsOf(stop)));
  return std::unique_ptr<WarehouseRead>(
      std::make_unique<SnowflakeRead>(client_, SnowflakeReadContext{std::move(table),
                                                                    definitions_,
                                                                    clock_,
                                                                    began_at,
                                                                    std::move(token),
                                                                    {std::move(instant.literal)},
                                                                    std::move(stop)}));
}

Result<RecentSales> SnowflakeWarehouse::ReadRecentSales(const LiveQuery& query) {
  const Instant began_at = clock_.Now();
  const StatementBounds bounds{std::min(query.deadline, BoundsOf({}).deadline), query.stop};
  for (bool again : {true, false}) {
    REVOPS_TRY_ASSIGN(const auto table, KnownTable(bounds));
    RecentSink sink(*table, definitions_);
    const auto done =
        client_.Execute(RecentSalesQuery(*table, query.window, query.rows_max), sink, bounds);
    const bool is_outdated = !done && (sink.has_other_columns || is_missing_column(done.error()));
    if (is_outdated) Forget(table);
    if (is_outdated && again) continue;
    REVOPS_TRY(done);
    sink.answer.began_at = began_at;
    sink.answer.schema = table->schema;
    SortNewestFirst(table->schema, sink.answer.rows);
    return std::move(sink.answer);
  }
  return UnexpectedResult("the table changes its columns");
}

Result<WarehouseReport> SnowflakeWarehouse::Examine() {
  WarehouseReport report{"snowflake " + client_.target().origin.host, {}};
  const StatementBounds bounds{clock_.SteadyNow() + kExamineMax, {}};
  const auto server_time = ReadServerTime(client_, bounds);
  if (!server_time) {
    report.findings.push_back(
        {false, "snowflake_connection", revops::Describe(server_time.error())});
    return report;
  }
  report.findings.push_back(
      {true, "snowflake_connection", "Snowflake answers and knows the user."});
  report.findings.push_back(ClockFinding(clock_.Now(), server_time->at));
  const auto table = Describe(bounds);
  if (!table) {
    const bool is_missing = table.error().code == ErrorCode::kNotFound;
    report.findings.push_back(
        {false, is_missing ? "table_exists" : "columns", table.error().message});
    return report;
  }
  report.findings.push_back({true, "table_exists", "FCT_SALES is there."});
  report.findings.push_back({true, "columns", "All eight columns are there and fit."});
  for (WarehouseFinding& finding : FurtherFindings((*table)->schema, (*table)->left_out)) {
    report.findings.push_back(std::move(finding));
  }
  REVOPS_TRY_ASSIGN(const TimeZone zone, TimeZone::Load(definitions_.zone));
  const Date today = zone.DateAt(clock_.Now());
  OneRow counts(5);
  if (const auto counted = client_.Execute(CountQuery(**table, today), counts, bounds); !counted) {
    report.findings.push_back({false, "snowflake_warehouse", counted.error().message});
    return report;
  }
  report.findings.push_back({true, "snowflake_warehouse", client_.target().warehouse + " runs."});
  REVOPS_TRY_ASSIGN(const auto row, std::move(counts).row());
  for (WarehouseFinding& finding : RowFindings(ToCounts(row), today)) {
    report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace revops::warehouse
