#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/base/date.h"
#include "core/base/result.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

/// The part that a sale belongs to: "2026-11", or "undated".
std::string MonthName(const std::optional<Date>& sold_on);

/// Text lines: the algorithm, then "2026-11-22 rows digest" a day, "undated" last.
std::string EncodeDayDigests(const warehouse::DayDigests& digests);
/// Errors: kCorrupt.
Result<warehouse::DayDigests> ParseDayDigests(std::string_view text);

/// Rows by month; only months that have rows.
std::map<std::string, std::uint64_t> RowsByMonth(const warehouse::DayDigests& digests);

struct Changes {
  std::uint64_t days = 0;
  std::set<std::string> months;  ///< that hold a changed day; one that vanished changed, too
};

/// What is different now. Without digests of the same algorithm from before, everything is.
Changes Compare(const std::optional<warehouse::DayDigests>& before,
                const warehouse::DayDigests& now);

/// All days of the months; neighbours share a range.
warehouse::DaySelection SelectMonths(const std::set<std::string>& months);

}  // namespace revops::processor
