#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/part.h"
#include "core/snapshot/pointer.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

/// What the pointer says besides the manifest.
struct PointerUpdate {
  Instant data_as_of;
  Instant computed_at;
  std::string inputs_key;
  /// Kept when nullopt; never lowered.
  std::optional<Instant> scheduled_for;
};

/// One attempt at replacing the current snapshot: objects, then the manifest, then one
/// compare-and-swap of the pointer, then the readable copies. Every step may be the last one
/// (kill -9): readers see the old snapshot or the new one whole.
class Publication {
 public:
  /// Reads the pointer that the swap will replace. Only objects of its manifest are reused without
  /// writing; all else is put anew, which renews its age for the collector.
  /// Checks that each of those is there, and its hash if it was modified since the pointer was
  /// swapped in: nothing is read as a rule. What decayed on the disk, where nothing shows a time,
  /// is for `Verify` to find.
  static Result<Publication> Begin(store::ObjectStore& store);

  /// Turns this into the attempt at a snapshot of an earlier instant, which takes its place in
  /// history while the pointer stays. Nothing is reused: every object is put anew.
  void StandInHistory();
  /// Whether no snapshot was ever published, nor anything damaged that was one.
  bool is_first() const { return !base_version_ && !base_damage_; }

  /// nullopt: nothing was ever published, or what was is damaged (`base_damage()` says so).
  const std::optional<StoredPointer>& base() const { return base_; }
  /// The manifest that base() points to.
  const std::optional<Manifest>& base_manifest() const { return base_manifest_; }
  const std::optional<Error>& base_damage() const { return base_damage_; }

  /// An object of the base manifest proved damaged: everything is put anew from now on.
  void DistrustBase() { reusable_keys_.clear(); }

  /// Writes the object unless the base manifest has it.
  Result<void> Put(const EncodedObject& object);

  /// Writes the manifest and swaps the pointer to it. Returns the snapshot's id.
  /// Errors: kAlreadyExists when somebody else published meanwhile, or a collector is at work on an
  ///         object of the manifest: begin again.
  Result<std::string> Commit(const Manifest& manifest, const PointerUpdate& update);

  /// Writes the manifest of a snapshot that stands in history, which completes it. Returns its id.
  /// Errors: kAlreadyExists when a collector is at work on an object of the manifest: begin again.
  Result<std::string> Insert(const Manifest& manifest, Instant now);

  /// Swaps the pointer's clocks alone: the same content was confirmed.
  /// Errors: kAlreadyExists likewise.
  Result<void> Confirm(const PointerUpdate& update);

 private:
  explicit Publication(store::ObjectStore& store) : store_(&store) {}

  Result<void> ReadBase();
  Result<void> ReadBaseManifest();
  Result<void> Recover();
  Pointer Next(const PointerUpdate& update) const;
  Result<void> CheckObjects(const Manifest& manifest, Instant now) const;
  void Withdraw(const std::string& id);
  Result<void> Swap(const Pointer& next);

  store::ObjectStore* store_;
  std::optional<StoredPointer> base_;
  std::optional<store::Version> base_version_;  ///< of the pointer object, damaged or not
  std::optional<Pointer> replaced_;             ///< base_'s, also when its manifest is damaged
  std::vector<ManifestRef> earlier_;            ///< what the next pointer has as earlier ones
  std::optional<Manifest> base_manifest_;
  std::optional<Error> base_damage_;
  std::set<std::string> reusable_keys_;
};

/// The readable copies `pipeline/by-region/latest.json`, `…/<utc>.json`, and by-product alike:
/// {"data","totals","meta"}. After the swap; never lowered to an older snapshot.
Result<void> WriteReadableCopies(store::ObjectStore& store, std::string_view id,
                                 const Manifest& manifest);

}  // namespace revops::snapshot
