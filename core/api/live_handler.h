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
              const TimeZone& zone, const LiveLimits& limits)
      : clock_(clock), definitions_(definitions), zone_(zone), coalescer_(live, clock, limits) {}

  Outcome LastMonth(const Exchange& exchange);

 private:
  struct Pending;

  Problem BudgetSpent(const Error& error) const;
  Reply Make(const Pending& pending, const LiveAnswer& rows) const;

  const Clock& clock_;
  const sales::Definitions& definitions_;
  const TimeZone& zone_;
  LiveCoalescer coalescer_;
};

}  // namespace revops::api
