#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/cube/cube.h"
#include "core/sales/definitions.h"
#include "core/sales/sale.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/pointer.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

/// How much Open reads and verifies: views and cubes as well, or each when it is asked for, which
/// suits a process that is started for one answer.
enum class Reading { kWhole, kOnDemand };

/// A snapshot whose manifest and definitions have been read and verified, and its views and cubes
/// as Reading says; rows are read on demand. What was read stays. Thread-safe.
class Snapshot {
 public:
  /// On demand, `store` outlives the result.
  /// Errors: kNotFound when the manifest is gone, kCorrupt when anything does not match its hash,
  ///         kUnsupported for a newer format.
  static Result<std::shared_ptr<const Snapshot>> Open(store::ObjectStore& store,
                                                      std::string_view id, Reading reading);
  /// The same for a manifest that was read already.
  static Result<std::shared_ptr<const Snapshot>> Open(store::ObjectStore& store,
                                                      std::string_view id, Manifest manifest,
                                                      Reading reading);

  const std::string& id() const { return id_; }
  const Manifest& manifest() const { return manifest_; }
  const sales::Definitions& definitions() const { return definitions_; }
  bool is_whole() const { return store_ == nullptr; }

  /// Sees to it that view() or cube() may be called. Never blocks or fails where the whole was
  /// read. Errors: those of Open.
  Result<void> LoadView(std::string_view name) const;
  Result<void> LoadCube() const;

  /// REVOPS_CHECKs that it was read.
  const cube::Cube& cube() const;
  /// {"data":[…],"totals":{…}}; REVOPS_CHECKs that it exists and was read.
  const std::string& view(std::string_view name) const;

 private:
  Snapshot(store::ObjectStore& store, std::string id, Manifest manifest,
           sales::Definitions definitions);

  Result<void> ReadWhole();
  /// Nothing else changes once the whole was read.
  std::unique_lock<std::mutex> LockUnlessWhole() const;

  store::ObjectStore* store_;  ///< nullptr: the whole was read
  const std::string id_;
  const Manifest manifest_;
  const sales::Definitions definitions_;
  mutable std::mutex mutex_;
  mutable std::optional<cube::Cube> cube_;
  mutable std::map<std::string, std::string, std::less<>> views_;
};

/// What is served now.
struct Current {
  std::shared_ptr<const Snapshot> snapshot;
  /// The pointer's, or the manifest's when the pointer is damaged.
  Instant data_as_of;
  Instant computed_at;
  std::optional<Instant> last_scheduled_for;
  /// Why not the newest: "pointer_damaged", "manifest_damaged", "object_damaged".
  std::optional<std::string> degraded;
};

/// Follows the pointer; falls back to the newest snapshot that proves itself. Never returns
/// unverified bytes. nullopt: nothing was ever published.
/// `loaded` is reused when it is still the current one.
Result<std::optional<Current>> OpenCurrent(store::ObjectStore& store,
                                           const std::shared_ptr<const Snapshot>& loaded,
                                           Reading reading = Reading::kWhole);

/// Every manifest that proves itself, newest first.
struct SnapshotEntry {
  std::string id;
  Manifest manifest;
};
Result<std::vector<SnapshotEntry>> ListSnapshots(store::ObjectStore& store);

/// The manifest alone, verified.
Result<Manifest> ReadManifest(store::ObjectStore& store, std::string_view id);
/// One object, decompressed and verified.
Result<std::string> ReadObject(store::ObjectStore& store, const ObjectRef& ref);
/// The rows of one part in canonical order. Errors: kUnsupported when it holds the cube alone.
Result<void> ReadPartRows(store::ObjectStore& store, const Manifest& manifest, const Part& part,
                          sales::SaleSink& sink);
/// All rows of a snapshot in canonical order. Errors: kUnsupported when it holds the cube alone.
Result<void> ReadSnapshotRows(store::ObjectStore& store, const Manifest& manifest,
                              sales::SaleSink& sink);

}  // namespace revops::snapshot
