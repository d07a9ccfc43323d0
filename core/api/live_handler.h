#pragma once

#include "core/api/exchange.h"
#include "core/api/live_coalescer.h"
#include "core/api/live_sales.h"
#include "core/base/clock.h"
#include "core/base/time_zone.h"
#include "core/sales/definitions.h"

namespace revops::api {

/// Answers from the warehouse, never from a snapshot: /api/sales/last-month.
class LiveHandler {
 public:
  /// `definitions` and `zone` hold until the first snapshot brings its own.
  LiveHandler(LiveSales& live, const Clock& clock, const sales::Definitions& definitions,
              const TimeZone& zone)
      : coalescer_(live), clock_(clock), definitions_(definitions), zone_(zone) {}

  Outcome LastMonth(const Exchange& exchange);

 private:
  LiveCoalescer coalescer_;
  const Clock& clock_;
  const sales::Definitions& definitions_;
  const TimeZone& zone_;
};

}  // namespace revops::api
