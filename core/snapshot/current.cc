#include <algorithm>
#include <utility>

#include "core/snapshot/damage.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"

namespace revops::snapshot {
namespace {

using Handle = std::shared_ptr<const Snapshot>;

constexpr const char* kPointerDamaged = "pointer_damaged";
constexpr const char* kManifestDamaged = "manifest_damaged";
constexpr const char* kObjectDamaged = "object_damaged";

/// Looks for the newest snapshot that is whole, and remembers why it had to look on.
class Search {
 public:
  Search(store::ObjectStore& store, const Handle& loaded, Reading reading)
      : store_(store), loaded_(loaded), reading_(reading) {}

  /// nullptr: this one is damaged. Tried ids are not tried again.
  Result<Handle> Try(const std::string& id) {
    if (std::find(tried_.begin(), tried_.end(), id) != tried_.end()) return Handle();
    tried_.push_back(id);
    if (loaded_ && loaded_->id() == id) return loaded_;
    auto manifest = ReadManifest(store_, id);
    if (manifest) return Open(id, *std::move(manifest));
    if (!is_damage(manifest.error())) return Fail(manifest.error());
    Degrade(kManifestDamaged);
    return Handle();
  }

  /// The same for a manifest whose whole hash the pointer knows.
  Result<Handle> Try(const ManifestRef& ref) {
    if (loaded_ && loaded_->id() == ref.id) return loaded_;
    tried_.push_back(ref.id);
    auto stored = ReadStoredManifest(store_, ref.id);
    if (stored && stored->sha256 == ref.sha256) return Open(ref.id, std::move(stored->manifest));
    if (!stored && !is_damage(stored.error())) return Fail(stored.error());
    Degrade(kManifestDamaged);
    return Handle();
  }

  Result<Handle> TryListed() {
    REVOPS_TRY_ASSIGN(const auto entries, ListSnapshots(store_));
    found_any_ = found_any_ || !entries.empty();
    for (const SnapshotEntry& entry : entries) {
      REVOPS_TRY_ASSIGN(Handle handle, Try(entry.id));
      if (handle) return handle;
    }
    return Handle();
  }

  void Degrade(const char* reason) {
    if (!degraded_) degraded_ = reason;
  }
  const std::optional<std::string>& degraded() const { return degraded_; }
  bool found_any() const { return found_any_; }

 private:
  Result<Handle> Open(const std::string& id, Manifest manifest) {
    auto opened = Snapshot::Open(store_, id, std::move(manifest), reading_);
    if (opened || !is_damage(opened.error())) return opened;
    Degrade(kObjectDamaged);
    return Handle();
  }

  store::ObjectStore& store_;
  const Handle& loaded_;
  const Reading reading_;
  std::vector<std::string> tried_;
  std::optional<std::string> degraded_;
  bool found_any_ = false;
};

Current Degraded(Handle snapshot, const Search& search) {
  Current current;
  current.data_as_of = snapshot->manifest().data_as_of;
  current.computed_at = snapshot->manifest().computed_at;
  current.degraded = search.degraded();
  current.snapshot = std::move(snapshot);
  return current;
}

Unexpected NothingIsWhole() {
  return Fail(ErrorCode::kCorrupt, "no stored snapshot is whole: run `revops process --full`");
}

/// The pointer is missing or damaged.
Result<std::optional<Current>> WithoutPointer(Search& search, bool is_missing) {
  search.Degrade(kPointerDamaged);
  REVOPS_TRY_ASSIGN(Handle handle, search.TryListed());
  if (handle) return std::optional(Degraded(std::move(handle), search));
  if (is_missing && !search.found_any()) return std::optional<Current>();
  return NothingIsWhole();
}

Result<std::optional<Current>> FollowPointer(Search& search, const Pointer& pointer) {
  REVOPS_TRY_ASSIGN(Handle handle, search.Try(pointer.manifest));
  if (handle) {
    return std::optional(Current{std::move(handle), pointer.data_as_of, pointer.computed_at,
                                 pointer.last_scheduled_for, std::nullopt});
  }
  for (const ManifestRef& earlier : pointer.earlier) {
    if (handle) break;
    REVOPS_TRY_ASSIGN(handle, search.Try(earlier));
  }
  if (!handle) {
    REVOPS_TRY_ASSIGN(handle, search.TryListed());
  }
  if (!handle) return NothingIsWhole();
  Current current = Degraded(std::move(handle), search);
  current.last_scheduled_for = pointer.last_scheduled_for;
  return std::optional(std::move(current));
}

}  // namespace

Result<std::optional<Current>> OpenCurrent(store::ObjectStore& store, const Handle& loaded,
                                           Reading reading) {
  Search search(store, loaded, reading);
  const auto pointer = ReadPointer(store);
  if (!pointer && pointer.error().code != ErrorCode::kCorrupt) return Fail(pointer.error());
  if (!pointer) return WithoutPointer(search, false);
  const std::optional<StoredPointer>& stored = *pointer;
  if (!stored) return WithoutPointer(search, true);
  return FollowPointer(search, stored->pointer);
}

}  // namespace revops::snapshot
