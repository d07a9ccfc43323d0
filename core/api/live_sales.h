#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/tally.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::api {

/// One question about the newest rows.
struct LiveQuestion {
  DateRange window;
  std::uint64_t rows_max = 1000;
  Clock::SteadyTime deadline;
  std::stop_token stop = {};  ///< triggered when nobody waits any more
  std::size_t askers = 1;     ///< who get the answer
};

struct LiveRows {
  Instant began_at;  ///< every write committed before it is seen
  sales::Schema schema = sales::Schema::FctSales();
  /// Of the window: SALE_DATE descending, SALE_ID descending, NULL last, then canonical order.
  std::vector<sales::Sale> rows;
  cube::StatusTotals totals;  ///< over the whole window
};

/// Where live answers come from: the warehouse, as far as answers need it. Thread-safe.
class LiveSales {
 public:
  virtual ~LiveSales() = default;
  /// Blocks, at most until the deadline or soon after the stop. Every error counts as the
  /// warehouse's: it becomes 502, 503 or 504, whatever its code.
  virtual Result<LiveRows> Read(const LiveQuestion& question) = 0;
};

}  // namespace revops::api
