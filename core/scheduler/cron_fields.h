#pragma once

#include <bitset>
#include <string_view>

#include "core/base/result.h"

namespace revops::scheduler {

/// The five fields as sets of numbers.
struct CronFields {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days_of_month;
  std::bitset<13> months;
  /// Sunday is 0.
  std::bitset<7> days_of_week;
  bool day_of_month_restricted = false;
  bool day_of_week_restricted = false;
};

/// Errors: kInvalidArgument naming the field that is wrong.
Result<CronFields> ParseCronFields(std::string_view expression);

}  // namespace revops::scheduler
