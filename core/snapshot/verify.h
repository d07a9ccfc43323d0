#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

struct Damage {
  std::string key;
  std::string what;  ///< what is wrong and what it costs
};

struct VerifyReport {
  std::uint64_t snapshots = 0;
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::vector<Damage> damages;  ///< empty: everything is as it was written
};

/// The store's fsck: pointer, every manifest, every object; recomputes totals, ledger and
/// content_hash of every snapshot from its rows. Errors only when the store cannot be read.
Result<VerifyReport> Verify(store::ObjectStore& store);

/// The snapshots that retention (see Collect) would let go now, oldest first: the next publication
/// deletes them.
Result<std::vector<std::string>> ListExpired(store::ObjectStore& store, Instant now);

struct CollectReport {
  std::uint64_t snapshots_deleted = 0;
  std::uint64_t objects_deleted = 0;
  std::uint64_t bytes_deleted = 0;
};

/// Retention (all for 35 days, then the last of each origin and week for a year, then month), then
/// unreferenced objects older than 48 h. Lists objects first, reads pointer and manifests then:
/// safe beside a publisher. What the pointer names stays. Also jobs that ended more than 7 days
/// ago. While a manifest younger than 35 days is damaged, no object is deleted.
/// Errors: kCorrupt when the pointer is damaged, kUnsupported when it or a manifest was written by
///         a newer version: nothing is deleted then.
Result<CollectReport> Collect(store::ObjectStore& store, Instant now);

}  // namespace revops::snapshot
