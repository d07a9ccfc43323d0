#include "core/warehouse/row_findings.h"

#include <string>
#include <utility>

namespace revops::warehouse {
namespace {

WarehouseFinding NewestFinding(const RowCounts& counts, Date today) {
  if (!counts.newest_on) {
    return {false, "newest_date",
            "No row has a SALE_DATE up to today, so nothing shows in dated figures. Check how "
            "SALE_DATE is filled.",
            true};
  }
  const int age_days = today - *counts.newest_on;
  const std::string found = "The newest SALE_DATE up to today is " + counts.newest_on->ToString();
  if (age_days < 30) return {true, "newest_date", found + "."};
  return {false, "newest_date",
          found + ", " + std::to_string(age_days) +
              " days ago: the last 30 days are empty. Check whether new sales arrive.",
          true};
}

/// A share of the rows that is fine while small.
WarehouseFinding ShareFinding(std::string check, std::string what, std::int64_t part,
                              const RowCounts& counts, std::string advice) {
  const std::string found = std::to_string(part) + " of " + std::to_string(counts.rows) + " rows " +
                            std::move(what) + ".";
  const bool is_small = part * 20 <= counts.rows;
  return {is_small, std::move(check), is_small ? found : found + " " + std::move(advice), true};
}

}  // namespace

std::vector<WarehouseFinding> RowFindings(const RowCounts& counts, Date today) {
  if (counts.rows == 0) {
    return {{false, "rows",
             "FCT_SALES is empty. Fill it; the embedded warehouse with `revops import`."}};
  }
  return {
      {true, "rows", "FCT_SALES has " + std::to_string(counts.rows) + " rows."},
      NewestFinding(counts, today),
      ShareFinding("future_dates", "have a SALE_DATE after today", counts.future, counts,
                   "Such rows are outside the last 30 days. Check how SALE_DATE is filled."),
      ShareFinding("undated", "have no SALE_DATE within the years 0001 to 9999", counts.undated,
                   counts, "Such rows are in no dated figure. Check how SALE_DATE is filled."),
      ShareFinding("ids", "have no SALE_ID", counts.without_id, counts,
                   "Changes of such rows cannot be followed. Check how SALE_ID is filled."),
  };
}

}  // namespace revops::warehouse
