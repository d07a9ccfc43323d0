#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/date.h"
#include "core/base/money.h"
#include "core/base/result.h"

namespace revops::mapping {

/// What one unit of a currency was worth in the report currency, by day. Exact: decimals of up to
/// ten places.
class RateTable {
 public:
  /// CSV with the header `date,currency,rate`. Errors: kInvalidArgument with the line.
  static Result<RateTable> ParseCsv(std::string_view text);

  /// Rounded half away from zero, at the newest rate that is not later than `day`; nullopt: there
  /// is none, or no day.
  std::optional<Money> Convert(const Money& amount, std::string_view currency,
                               const std::optional<Date>& day) const;

 private:
  static constexpr int kRatePlaces = 10;
  std::map<std::pair<std::string, Date>, std::int64_t> rates_;  ///< in 10^-kRatePlaces
};

}  // namespace revops::mapping
