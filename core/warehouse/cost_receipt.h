#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/date.h"
#include "core/base/result.h"
#include "core/warehouse/costs.h"

namespace revops::warehouse {

/// Costs by day. Keeps 31 days, the newest one among them.
class CostReceipt {
 public:
  void Add(Date day, const Costs& more);
  /// The days with costs out of `today` and the 30 before, newest first.
  std::vector<std::pair<Date, Costs>> Until(Date today) const;

  /// Text lines: "revops costs 1", then a day each, ascending: the date and the members of Costs,
  /// execution in milliseconds, separated by spaces.
  std::string Encode() const;
  /// Errors: kCorrupt.
  static Result<CostReceipt> Parse(std::string_view text);

 private:
  std::map<Date, Costs> days_;
};

}  // namespace revops::warehouse
