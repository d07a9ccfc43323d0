#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/cube.h"
#include "core/cube/tally.h"
#include "core/sales/definitions.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::warehouse {

/// Changes whenever a committed write may have changed the table; equal tokens: same rows.
/// Opaque; comparable only between reads of one warehouse.
using ChangeToken = std::string;

/// A fingerprint of the rows of one SALE_DATE, over all columns; order does not matter, repeated
/// rows do. Only digests of one algorithm are comparable.
struct DayDigest {
  std::optional<Date> sold_on;  ///< nullopt: NULL and unrepresentable dates
  std::uint64_t rows = 0;
  std::string digest;

  friend bool operator==(const DayDigest&, const DayDigest&) = default;
};

struct DayDigests {
  std::string algorithm;        ///< names the hash and the engine's version
  std::vector<DayDigest> days;  ///< ascending, undated last; only days that have rows
};

/// 0001-01-01 – 9999-12-31; every other date reads as undated.
inline constexpr DateRange kRepresentableDays = {Date::FromDays(-719162), Date::FromDays(2932897)};

struct DaySelection {
  std::vector<DateRange> ranges;  ///< ascending, disjoint
  bool undated = false;           ///< the rows whose DayDigest::sold_on is nullopt

  static DaySelection All();
};

/// Origin of the error of a read that was overtaken by a writer.
inline constexpr std::string_view kWrittenMeanwhile = "warehouse:written_meanwhile";

/// One consistent view of the table: a writer that moves a row between months meanwhile is seen
/// wholly or not at all. One thread at a time. Every call ends with kCancelled soon after the stop
/// token is triggered. Where the table keeps no history, calls after a write end with kUnavailable
/// of kWrittenMeanwhile; another read may succeed.
class WarehouseRead {
 public:
  virtual ~WarehouseRead() = default;

  /// The instant before which every committed write is seen.
  virtual Instant began_at() const = 0;
  virtual const sales::Schema& schema() const = 0;
  /// Whose rows these are (core/sales/origin.h); nullopt: the table does not say.
  virtual std::optional<std::string> origin() const { return std::nullopt; }
  /// nullopt: the warehouse cannot tell; go to the digests.
  virtual std::optional<ChangeToken> change_token() const = 0;
  virtual Result<DayDigests> ReadDayDigests() = 0;
  /// Raw rows in canonical order, in batches; memory does not grow with their number.
  virtual Result<void> ReadDays(const DaySelection& days, sales::SaleSink& sink) = 0;
  /// The finest totals, pushed down to the engine and normalised by metrics.md section 2.
  virtual Result<std::vector<cube::CubeCell>> AggregateDays(const DaySelection& days) = 0;
};

/// One question about the newest rows.
struct LiveQuery {
  DateRange window;
  std::uint64_t rows_max = 1000;
  Clock::SteadyTime deadline;
  std::stop_token stop;
};

struct RecentSales {
  Instant began_at;  ///< every write committed before it is seen
  sales::Schema schema = sales::Schema::FctSales();
  /// Of the window: SALE_DATE descending, SALE_ID descending, NULL last, then canonical order.
  std::vector<sales::Sale> rows;
  cube::StatusTotals totals;  ///< over the whole window
};

/// What `doctor` reports. Each finding says what to do.
struct WarehouseFinding {
  bool ok = true;
  std::string check;      ///< snake_case: "table_exists"
  std::string message;    ///< what was found, and what to do when not ok
  bool is_legal = false;  ///< when not ok: nothing is broken, but figures may surprise
};

struct WarehouseReport {
  std::string engine;  ///< "duckdb 1.5.6"
  std::vector<WarehouseFinding> findings;
};

/// Where rows come from. Thread-safe.
///
/// Errors of all calls: kNotFound when the table is missing, kInvalidArgument when it lacks a
/// column or has one of another type (both say what to do), kUnavailable when the warehouse cannot
/// be reached, kTimeout past the deadline, kCancelled after a stop.
class Warehouse {
 public:
  virtual ~Warehouse() = default;

  virtual Result<std::unique_ptr<WarehouseRead>> BeginRead(std::stop_token stop) = 0;
  /// Rows and totals of one window: one statement, one round trip.
  virtual Result<RecentSales> ReadRecentSales(const LiveQuery& query) = 0;
  virtual Result<WarehouseReport> Examine() = 0;
};

}  // namespace revops::warehouse
