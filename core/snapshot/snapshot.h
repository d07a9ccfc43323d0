#pragma once

#include <map>
#include <memory>
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

/// A snapshot whose manifest, definitions, views and cubes have been read and verified; rows are
/// read on demand. Immutable and thread-safe.
class Snapshot {
 public:
  /// Errors: kNotFound when the manifest is gone, kCorrupt when anything does not match its hash,
  ///         kUnsupported for a newer format.
  static Result<std::shared_ptr<const Snapshot>> Open(store::ObjectStore& store,
                                                      std::string_view id);

  const std::string& id() const { return id_; }
  const Manifest& manifest() const { return manifest_; }
  const sales::Definitions& definitions() const { return definitions_; }
  const cube::Cube& cube() const { return cube_; }
  /// {"data":[…],"totals":{…}}; REVOPS_CHECKs that the view exists.
  const std::string& view(std::string_view name) const;

 private:
  Snapshot(std::string id, Manifest manifest, sales::Definitions definitions, cube::Cube cube,
           std::map<std::string, std::string, std::less<>> views);

  std::string id_;
  Manifest manifest_;
  sales::Definitions definitions_;
  cube::Cube cube_;
  std::map<std::string, std::string, std::less<>> views_;
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
                                           const std::shared_ptr<const Snapshot>& loaded);

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
/// All rows of a snapshot in canonical order. Errors: kUnsupported when it holds the cube alone.
Result<void> ReadSnapshotRows(store::ObjectStore& store, const Manifest& manifest,
                              sales::SaleSink& sink);

}  // namespace revops::snapshot
