#pragma once

#include "core/base/date.h"

namespace revops::sales {

/// Windows around the business date D; metrics.md section 3.
DateRange Last30Days(Date business_date);              ///< [D − 29, D + 1), today partial
DateRange Last30CompleteDays(Date business_date);      ///< [D − 30, D)
DateRange Previous30CompleteDays(Date business_date);  ///< [D − 60, D − 30)

}  // namespace revops::sales
