#pragma once

#include <string>
#include <string_view>

#include "core/base/date.h"
#include "core/cube/tally.h"

namespace revops::api {

struct Window {
  DateRange range;
  std::string_view zone;
  bool partial = false;  ///< holds a day that is not over
};

/// Appends `"window":{…}`.
void AppendWindow(std::string& out, const Window& window);
/// Appends `"totals":{…}`.
void AppendTotalsMember(std::string& out, const cube::StatusTotals& totals);

}  // namespace revops::api
