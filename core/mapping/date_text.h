#pragma once

#include <optional>
#include <string_view>

#include "core/base/date.h"
#include "core/mapping/mapping.h"

namespace revops::mapping {

/// A date as people write it: "2026-11-22", "11/22/2026", "22.11.26", "20261122", "22 Nov 2026",
/// "Nov 22, 2026", "22-Nov-26", each with a time of day behind it that is left out; and the day
/// numbers of spreadsheets from 1982 to 2064 (30000 to 60000). Months in seven languages. Years of
/// two digits are those from 1970 to 2069. nullopt: it is none.
std::optional<Date> ReadDateText(std::string_view text, DateOrder order);

/// Whether the order of its parts is all that tells its day: "11/12/2026", not "11/22/2026".
bool is_order_needed(std::string_view text);

}  // namespace revops::mapping
