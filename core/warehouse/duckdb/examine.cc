#include "core/warehouse/duckdb/examine.h"

#include <string>
#include <utility>

#include "core/base/time_zone.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/row_reader.h"
#include "core/warehouse/duckdb/type_map.h"

namespace revops::warehouse {
namespace {

struct Counts {
  std::int64_t rows = 0;
  std::int64_t undated = 0;
  std::int64_t future = 0;
  std::int64_t without_id = 0;
  std::optional<Date> newest_on;
};

Result<Counts> CountRows(Session& session, const SalesTable& table, Date today) {
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
  return Counts{count(0), count(1), count(2), count(3), ReadDate(ColumnView(*chunk, 4), 0)};
}

WarehouseFinding RowsFinding(const Counts& counts) {
  if (counts.rows == 0) {
    return {false, "rows", "FCT_SALES is empty. Fill it with `revops import` or `revops sql`."};
  }
  return {true, "rows", "FCT_SALES has " + std::to_string(counts.rows) + " rows."};
}

WarehouseFinding NewestFinding(const Counts& counts, Date today) {
  if (!counts.newest_on) {
    return {false, "newest_date",
            "No row has a SALE_DATE up to today, so nothing shows in dated figures. Check how "
            "SALE_DATE is filled."};
  }
  const int age_days = today - *counts.newest_on;
  const std::string found = "The newest SALE_DATE up to today is " + counts.newest_on->ToString();
  if (age_days < 30) return {true, "newest_date", found + "."};
  return {false, "newest_date",
          found + ", " + std::to_string(age_days) +
              " days ago: the last 30 days are empty. Check whether new sales arrive."};
}

/// A share of the rows that is fine while small.
WarehouseFinding ShareFinding(std::string check, std::string what, std::int64_t part,
                              const Counts& counts, std::string advice) {
  const std::string found = std::to_string(part) + " of " + std::to_string(counts.rows) + " rows " +
                            std::move(what) + ".";
  const bool is_small = part * 20 <= counts.rows;
  return {is_small, std::move(check), is_small ? found : found + " " + std::move(advice)};
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
  REVOPS_TRY_ASSIGN(const TimeZone zone, TimeZone::Load(definitions.zone));
  const Date today = zone.DateAt(clock.Now());
  REVOPS_TRY_ASSIGN(const Counts counts, CountRows(session, *table, today));
  report.findings.push_back(RowsFinding(counts));
  if (counts.rows == 0) return report;
  report.findings.push_back(NewestFinding(counts, today));
  report.findings.push_back(
      ShareFinding("future_dates", "have a SALE_DATE after today", counts.future, counts,
                   "Such rows are outside the last 30 days. Check how SALE_DATE is filled."));
  report.findings.push_back(
      ShareFinding("undated", "have no SALE_DATE within the years 0001 to 9999", counts.undated,
                   counts, "Such rows are in no dated figure. Check how SALE_DATE is filled."));
  report.findings.push_back(
      ShareFinding("ids", "have no SALE_ID", counts.without_id, counts,
                   "Changes of such rows cannot be followed. Check how SALE_ID is filled."));
  return report;
}

}  // namespace revops::warehouse
