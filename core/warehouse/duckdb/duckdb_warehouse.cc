#include "core/warehouse/duckdb/duckdb_warehouse.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/sales/normalize.h"
#include "core/sales/sale.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/duckdb_read.h"
#include "core/warehouse/duckdb/examine.h"
#include "core/warehouse/duckdb/origin.h"
#include "core/warehouse/duckdb/row_reader.h"
#include "core/warehouse/recent_sales.h"

namespace revops::warehouse {
namespace {

/// The deadline by the clock that interrupts go by.
Clock::SteadyTime RealDeadline(const Clock& clock, Clock::SteadyTime deadline) {
  if (deadline == Clock::SteadyTime::max()) return Watchdog::kNoDeadline;
  return std::chrono::steady_clock::now() + (deadline - clock.SteadyNow());
}

/// The last four columns of RecentSalesQuery: NULL in the rows of the table.
class TotalsColumns {
 public:
  TotalsColumns(const Chunk& chunk, std::size_t first)
      : status_(chunk, first),
        deals_(chunk, first + 1),
        priced_(chunk, first + 2),
        amount_(chunk, first + 3) {}

  bool has_totals(std::size_t row) const { return !deals_.is_null(row); }

  void Add(std::size_t row, const sales::Schema& schema, sales::Normalizer& normalizer,
           cube::StatusTotals& totals) const {
    std::optional<std::string_view> raw;
    if (!status_.is_null(row)) raw = status_.text(row);
    cube::Tally tally;
    tally.deals = static_cast<std::uint64_t>(deals_.at<std::int64_t>(row));
    tally.priced = static_cast<std::uint64_t>(priced_.at<std::int64_t>(row));
    if (!amount_.is_null(row)) tally.amount = Money::FromCents(amount_.integer(row));
    AddStatus(raw, tally, schema, normalizer, totals);
  }

 private:
  ColumnView status_;
  ColumnView deals_;
  ColumnView priced_;
  ColumnView amount_;
};

}  // namespace

DuckDbWarehouse::DuckDbWarehouse(Engine& engine, const sales::Definitions& definitions,
                                 const Clock& clock)
    : engine_(engine), definitions_(definitions), clock_(clock) {}

Result<std::unique_ptr<WarehouseRead>> DuckDbWarehouse::BeginRead(std::stop_token stop) {
  const Instant began_at = clock_.Now();
  const std::optional<ChangeToken> token = engine_.content_token();
  REVOPS_TRY_ASSIGN(auto session, engine_.Connect({Watchdog::kNoDeadline, std::move(stop)}));
  REVOPS_TRY(session->Run("BEGIN TRANSACTION READ ONLY"));
  REVOPS_TRY_ASSIGN(SalesTable table, FindSalesTable(*session));
  // A transaction sees the database as it was when it first touched it, not when it began.
  REVOPS_TRY(session->Run("SELECT 1 FROM FCT_SALES LIMIT 1"));
  REVOPS_TRY_ASSIGN(auto origin, ReadOrigin(*session));
  const bool is_still_the_same = engine_.content_token() == token;
  return std::unique_ptr<WarehouseRead>(std::make_unique<DuckDbRead>(
      std::move(session),
      DuckDbReadContext{std::move(table), definitions_, began_at,
                        is_still_the_same ? token : std::optional<ChangeToken>(),
                        std::move(origin)}));
}

Result<RecentSales> DuckDbWarehouse::ReadRecentSales(const LiveQuery& query) {
  RecentSales answer;
  answer.began_at = clock_.Now();
  REVOPS_TRY_ASSIGN(auto session,
                    engine_.Connect({RealDeadline(clock_, query.deadline), query.stop}));
  REVOPS_TRY_ASSIGN(const auto table, FindTable(*session));
  answer.schema = table->schema;
  REVOPS_TRY_ASSIGN(Rows rows, session->Query(RecentSalesQuery(*table, query)));
  RowReader reader(table->schema);
  sales::Normalizer normalizer(table->schema, definitions_);
  while (true) {
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    if (!chunk) break;
    const auto views = reader.Read(*chunk);
    const TotalsColumns totals(*chunk, table->expressions.size());
    for (std::size_t row = 0; row < views.size(); ++row) {
      if (totals.has_totals(row)) {
        totals.Add(row, table->schema, normalizer, answer.totals);
      } else {
        answer.rows.push_back(ToSale(views[row]));
      }
    }
  }
  SortNewestFirst(table->schema, answer.rows);
  return answer;
}

Result<std::shared_ptr<const SalesTable>> DuckDbWarehouse::FindTable(Session& session) {
  const auto token = engine_.content_token();
  {
    const std::lock_guard lock(found_mutex_);
    if (token && token == found_at_) return found_;
  }
  REVOPS_TRY_ASSIGN(SalesTable table, FindSalesTable(session));
  auto found = std::make_shared<const SalesTable>(std::move(table));
  if (token && engine_.content_token() == token) {
    const std::lock_guard lock(found_mutex_);
    found_ = found;
    found_at_ = token;
  }
  return found;
}

Result<WarehouseReport> DuckDbWarehouse::Examine() {
  REVOPS_TRY_ASSIGN(auto session, engine_.Connect({}));
  return ExamineSales(*session, definitions_, clock_);
}

}  // namespace revops::warehouse
