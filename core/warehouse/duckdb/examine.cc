#include "core/warehouse/duckdb/examine.h"

#include <string>
#include <utility>

#include "core/base/time_zone.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/row_reader.h"
#include "core/warehouse/duckdb/type_map.h"
#include "core/warehouse/row_findings.h"

namespace revops::warehouse {
namespace {

constexpr std::int64_t kManyValues = 2000;

Result<RowCounts> CountRows(Session& session, const SalesTable& table, Date today) {
  const std::string& date = table.expressions[table.schema.date_column()];
  const std::string dated = SelectsDays(table, {{kRepresentableDays}, false});
  const std::string past = SelectsDays(table, {{{kRepresentableDays.start, today + 1}}, false});
  REVOPS_TRY_ASSIGN(Rows rows,
                    session.Query("SELECT count(*), count(*) FILTER (NOT coalesce(" + dated +
                                  ", false)), count(*) FILTER (" + dated + " AND NOT " + past +
                                  "), count(*) - count(" + table.names[table.schema.id_column()] +
                                  "), max(" + date + ") FILTER (" + past + ") FROM FCT_SALES"));
  REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
  REVOPS_CHECK(chunk.has_value());
  const auto count = [&](std::size_t i) { return ColumnView(*chunk, i).at<std::int64_t>(0); };
  return RowCounts{count(0), count(1), count(2), count(3), ReadDate(ColumnView(*chunk, 4), 0)};
}

/// Dimensions whose values are too many to be listed.
Result<std::vector<WarehouseFinding>> ManyValues(Session& session, const SalesTable& table) {
  std::vector<WarehouseFinding> findings;
  for (std::size_t i = sales::Schema::FctSales().columns().size(); i < table.names.size(); ++i) {
    REVOPS_TRY_ASSIGN(Rows rows, session.Query("SELECT CAST(approx_count_distinct(" +
                                               table.names[i] + ") AS BIGINT) FROM FCT_SALES"));
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    REVOPS_CHECK(chunk.has_value());
    const auto values = ColumnView(*chunk, 0).at<std::int64_t>(0);
    if (values <= kManyValues) continue;
    const std::string& name = table.schema.columns()[i].name;
    findings.push_back({false, "dimension_values",
                        "The dimension " + name + " has about " + std::to_string(values) +
                            " different values, and answers list every one of them. If totals "
                            "need not be split by it, rename the column to _" +
                            name + ".",
                        true});
  }
  return findings;
}

}  // namespace

Result<WarehouseReport> ExamineSales(Session& session, const sales::Definitions& definitions,
                                     const Clock& clock) {
  WarehouseReport report{"duckdb " + DuckDbVersion(), {}};
  const auto table = FindSalesTable(session);
  if (!table) {
    const ErrorCode code = table.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kInvalidArgument) {
      return Fail(table.error());
    }
    report.findings.push_back(
        {false, code == ErrorCode::kNotFound ? "table_exists" : "columns", table.error().message});
    return report;
  }
  report.findings.push_back({true, "table_exists", "FCT_SALES is there."});
  report.findings.push_back({true, "columns", "All eight columns are there and fit."});
  for (WarehouseFinding& finding : FurtherFindings(table->schema, table->left_out)) {
    report.findings.push_back(std::move(finding));
  }
  REVOPS_TRY_ASSIGN(const auto many, ManyValues(session, *table));
  report.findings.insert(report.findings.end(), many.begin(), many.end());
  REVOPS_TRY_ASSIGN(const TimeZone zone, TimeZone::Load(definitions.zone));
  const Date today = zone.DateAt(clock.Now());
  REVOPS_TRY_ASSIGN(const RowCounts counts, CountRows(session, *table, today));
  for (WarehouseFinding& finding : RowFindings(counts, today)) {
    report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace revops::warehouse
