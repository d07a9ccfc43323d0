#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/edition.h"
#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/tally.h"
#include "core/sales/sale.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"

namespace revops::api {

/// One line of the history of snapshots.
struct SnapshotSummary {
  std::string id;
  Instant computed_at;
  Instant data_as_of;
  Date business_date;
  std::string origin;  ///< whose rows these are (core/sales/origin.h)
  std::string content_hash;
  snapshot::HashKind hash_kind = snapshot::HashKind::kRows;
  std::uint64_t parts = 0;
  std::uint64_t shared_parts = 0;  ///< that the previous snapshot has as well
  std::uint64_t bytes = 0;         ///< of all its parts, uncompressed
  cube::StatusTotals totals;
};

/// The snapshots that can be served: the current one, swapped as a whole, and older ones on
/// request. Thread-safe.
class SnapshotCatalog {
 public:
  /// On demand, an answer that needs more of a snapshot than was read may fail with damage:
  /// RequireWhole then. `label`: of the deployment.
  explicit SnapshotCatalog(store::ObjectStore& store,
                           snapshot::Reading reading = snapshot::Reading::kWhole,
                           std::optional<std::string> label = std::nullopt);
  ~SnapshotCatalog();

  /// Opens what is current in the store, prepares its answers and swaps them in; at the start and
  /// after every publication. Returns whether what is served has changed. On an error the old
  /// edition stays.
  Result<bool> Reload();
  /// From the next Reload on nothing is served that has not proved itself as a whole.
  void RequireWhole();

  /// nullptr: nothing was ever published. Neither blocks nor allocates; a thread keeps the edition
  /// that it saw last alive until it asks again.
  std::shared_ptr<const Edition> current() const;

  /// `as_of`: a snapshot id, or a date: the newest snapshot whose business date is not later, of
  /// the origin of the current one if there is one.
  /// Opens it if need be; keeps the few that were asked for, or replaced, last.
  /// Errors: kInvalidArgument when it is neither, kNotFound, and those of Snapshot::Open.
  Result<std::shared_ptr<const Edition>> Find(std::string_view as_of);

  /// The rows of one part of the snapshot's manifest, in canonical order. Errors: kUnsupported when
  /// the snapshot holds none.
  Result<void> ReadRows(const snapshot::Snapshot& snapshot, const snapshot::Part& part,
                        sales::SaleSink& sink) const;

  /// Newest first.
  Result<std::vector<SnapshotSummary>> List();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::api
