#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/time_zone.h"
#include "core/sales/definitions.h"
#include "core/snapshot/job.h"
#include "core/snapshot/manifest.h"
#include "core/store/object_store.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

struct RefreshConfig {
  sales::Definitions definitions;
  TimeZone zone = TimeZone::Utc();
  snapshot::Source source;
  std::string program_version;
  std::uint64_t rows_max = 20'000'000;  ///< above it a snapshot holds the cube alone
  /// Whose rows are read where the table does not say (core/sales/origin.h); nullopt: not known.
  std::optional<std::string> origin = std::nullopt;
};

struct RefreshRequest {
  /// The scheduled instant that this run serves; nullopt: by hand.
  std::optional<Instant> scheduled_for;
  /// Reads every row and writes every object, whatever the current snapshot holds: the repair of
  /// what `snapshot::Verify` found damaged, or of a snapshot that cannot be opened.
  bool reads_anew = false;
  /// The rows are those of this instant in the past: their snapshot takes its place in history and
  /// the pointer stays, unless there is no snapshot yet. See core/processor/history.h.
  std::optional<Instant> as_of;
  std::stop_token stop;
  /// Called on the refreshing thread whenever a step moves.
  std::function<void(snapshot::RefreshStep, const snapshot::StepProgress&)> on_progress;
};

enum class RefreshOutcome {
  kUnchanged,  ///< confirmed: the pointer's clocks moved, nothing else
  kPublished,
};

struct RefreshReport {
  RefreshOutcome outcome = RefreshOutcome::kUnchanged;
  std::string snapshot_id;  ///< the current one after the run; that of `as_of`
  std::string content_hash;
  std::uint64_t rows = 0;
  std::uint64_t changed_days = 0;
  std::uint64_t parts_written = 0;
  std::uint64_t parts_shared = 0;
  Instant data_as_of;
  Instant computed_at;
  std::uint64_t digests_avoided = 0;  ///< 1: the change token made the day digests needless
  std::uint64_t months_avoided = 0;   ///< that were not read again
};

/// The report as `revops process` prints it and the function returns it: one JSON object.
std::string ToJson(const RefreshReport& report);

/// The nightly job (ARCHITECTURE.md, "one number's journey"): reads what changed in the warehouse
/// and publishes a snapshot. Starts over when somebody else publishes meanwhile, and twice when the
/// table keeps no history and is written to while it is read. Builds on nothing and confirms
/// nothing that `Publication::Begin` finds damaged.
/// Errors: the warehouse's and the store's; kInternal when the totals of the groups do not add up
///         to the total, or the ledger's rows to all rows: then nothing is published.
Result<RefreshReport> Refresh(warehouse::Warehouse& warehouse, store::ObjectStore& store,
                              const Clock& clock, const RefreshConfig& config,
                              const RefreshRequest& request);

}  // namespace revops::processor
