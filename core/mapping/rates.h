#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/date.h"
#include "core/base/money.h"
#include "core/base/result.h"

namespace revops::mapping {

/// What one unit of a currency was worth in another one, the report currency, by day. Exact:
/// decimals of up to ten places.
class RateTable {
 public:
  /// CSV with the header `date,currency,rate`. `name` and `target` are what people know the table
  /// by and the currency that it turns amounts into. Errors: kInvalidArgument with the line.
  static Result<RateTable> ParseCsv(std::string_view text, std::string name, std::string target);

  const std::string& name() const { return name_; }
  const std::string& target() const { return target_; }
  /// Whether there is a rate of any day.
  bool knows(std::string_view currency) const;

  /// Rounded half away from zero, at the newest rate that is not later than `day`; nullopt: there
  /// is none, or no day.
  std::optional<Money> Convert(const Money& amount, std::string_view currency,
                               const std::optional<Date>& day) const;

 private:
  Result<void> AddLine(std::string_view line, std::size_t number);

  static constexpr int kRatePlaces = 10;
  std::string name_;
  std::string target_;
  std::map<std::pair<std::string, Date>, std::int64_t> rates_;  ///< in 10^-kRatePlaces
};

}  // namespace revops::mapping
