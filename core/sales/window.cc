#include "core/sales/window.h"

namespace revops::sales {

DateRange Last30Days(Date business_date) { return {business_date - 29, business_date + 1}; }

DateRange Last30CompleteDays(Date business_date) { return {business_date - 30, business_date}; }

DateRange Previous30CompleteDays(Date business_date) {
  return {business_date - 60, business_date - 30};
}

}  // namespace revops::sales
