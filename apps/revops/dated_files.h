#pragma once

#include <string>
#include <vector>

#include "core/base/date.h"
#include "core/base/result.h"

namespace revops::app {

/// `--as-of` says that the date stands in each file's name.
inline constexpr const char* kFromName = "from-name";

/// The one date in the last part of a path: 2026-09-01, 2026_09_01, 20260901, 01.09.2026 (the day
/// first), 30-09-2026 or 09-30-2026 where only one reading is a date; a time may follow.
/// Errors: kInvalidArgument when there is none, when there are several, or when it could be two.
Result<Date> DateInName(const std::string& path);

/// The day that each file is of.
/// Errors: kInvalidArgument for an `as_of` that is neither a date nor kFromName; DateInName's; two
///         files of one date in their names: taken together, they might count everything twice.
Result<std::vector<Date>> DatesOf(const std::vector<std::string>& files, const std::string& as_of);

}  // namespace revops::app
