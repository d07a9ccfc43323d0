#include "core/snapshot/publish.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "core/base/check.h"
#include "core/base/logging.h"
#include "core/base/sha256.h"
#include "core/snapshot/collecting.h"
#include "core/snapshot/damage.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"

namespace revops::snapshot {
namespace {

Error Damage(std::string message) { return {ErrorCode::kCorrupt, std::move(message), {}, {}}; }

bool names(const Pointer& pointer, const std::string& id) {
  const auto has_id = [&](const ManifestRef& ref) { return ref.id == id; };
  return has_id(pointer.manifest) ||
         std::any_of(pointer.earlier.begin(), pointer.earlier.end(), has_id);
}

/// When each object that is there and not empty was modified.
Result<std::map<std::string, Instant>> ListObjects(store::ObjectStore& store) {
  REVOPS_TRY_ASSIGN(const auto infos, store.List(kObjectPrefix));
  std::map<std::string, Instant> objects;
  for (const store::ObjectInfo& info : infos) {
    if (info.size_bytes > 0) objects.emplace(info.key, info.modified_at);
  }
  return objects;
}

/// What is wrong with the objects of a manifest that was confirmed at `confirmed_at`.
Result<std::optional<Error>> FindDamage(store::ObjectStore& store, const Manifest& manifest,
                                        Instant confirmed_at) {
  REVOPS_TRY_ASSIGN(const auto objects, ListObjects(store));
  for (const ObjectRef& ref : References(manifest)) {
    const auto found = objects.find(ref.key());
    if (found == objects.end()) {
      return std::optional(Damage("an object of the current snapshot is missing"));
    }
    if (found->second <= confirmed_at) continue;
    const auto content = ReadObject(store, ref);
    if (content) continue;
    if (!is_damage(content.error())) return Fail(content.error());
    return std::optional(content.error());
  }
  return std::optional<Error>();
}

}  // namespace

Result<Publication> Publication::Begin(store::ObjectStore& store) {
  Publication publication(store);
  REVOPS_TRY(publication.ReadBase());
  return publication;
}

Result<void> Publication::ReadBase() {
  auto object = store_->Get(kPointerKey);
  if (!object) {
    if (object.error().code != ErrorCode::kNotFound) return Fail(object.error());
    return Recover();
  }
  base_version_ = std::move(object->version);
  auto pointer = ParsePointer(object->bytes);
  if (!pointer && pointer.error().code != ErrorCode::kCorrupt) return Fail(pointer.error());
  if (!pointer) return Recover();
  replaced_ = *std::move(pointer);
  earlier_ = replaced_->earlier;
  return ReadBaseManifest();
}

Result<void> Publication::ReadBaseManifest() {
  auto stored = ReadStoredManifest(*store_, replaced_->manifest.id);
  if (!stored && !is_damage(stored.error())) return Fail(stored.error());
  if (!stored || stored->sha256 != replaced_->manifest.sha256) {
    base_damage_ = stored ? Damage("the current manifest does not match the pointer")
                          : std::move(stored).error();
    return {};
  }
  REVOPS_TRY_ASSIGN(base_damage_, FindDamage(*store_, stored->manifest, replaced_->computed_at));
  if (base_damage_) return {};
  base_ = StoredPointer{*replaced_, *base_version_};
  base_manifest_ = std::move(stored->manifest);
  reusable_keys_ = ReferencedKeys(*base_manifest_);
  earlier_.insert(earlier_.begin(), replaced_->manifest);
  return {};
}

/// No pointer that can be followed: the manifests that prove themselves become earlier ones.
Result<void> Publication::Recover() {
  REVOPS_TRY_ASSIGN(const auto entries, ListSnapshots(*store_));
  if (base_version_) base_damage_ = Damage("revops/current.json is damaged");
  if (!base_version_ && !entries.empty()) {
    base_damage_ = Damage("revops/current.json is missing although there are snapshots");
  }
  for (const SnapshotEntry& entry : entries) {
    if (earlier_.size() == kEarlierMax) break;
    REVOPS_TRY_ASSIGN(const StoredManifest stored, ReadStoredManifest(*store_, entry.id));
    earlier_.push_back({entry.id, stored.sha256});
  }
  return {};
}

void Publication::StandInHistory() {
  base_.reset();
  base_manifest_.reset();
  reusable_keys_.clear();
}

Result<void> Publication::Put(const EncodedObject& object) {
  const std::string key = object.ref.key();
  if (reusable_keys_.contains(key)) return {};
  const auto put = store_->Put(key, object.bytes, store::PutCondition::None());
  if (!put) return Fail(put.error());
  reusable_keys_.insert(key);
  return {};
}

Pointer Publication::Next(const PointerUpdate& update) const {
  Pointer next;
  if (replaced_) {
    next = *replaced_;
    ++next.sequence;
  } else {
    // Above every sequence that was ever reached, as long as swaps take a second.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(update.computed_at);
    next.sequence = base_damage_ ? static_cast<std::uint64_t>(std::max<std::int64_t>(
                                       1, seconds.time_since_epoch().count()))
                                 : 1;
  }
  next.data_as_of = update.data_as_of;
  next.computed_at = update.computed_at;
  next.inputs_key = update.inputs_key;
  if (next.scheduled_ahead_of(update.computed_at)) next.last_scheduled_for.reset();
  if (update.scheduled_for &&
      (!next.last_scheduled_for || *next.last_scheduled_for < *update.scheduled_for)) {
    next.last_scheduled_for = update.scheduled_for;
  }
  return next;
}

Result<std::string> Publication::Commit(const Manifest& manifest, const PointerUpdate& update) {
  const std::string encoded = Encode(manifest);
  const std::string id = ManifestId(manifest, encoded);
  const auto put = store_->Put(ManifestKey(id), encoded, store::PutCondition::None());
  if (!put) return Fail(WithContext(put.error(), "writing the manifest"));
  Pointer next = Next(update);
  next.manifest = {id, Sha256::Hex(encoded)};
  next.earlier = earlier_;
  std::erase_if(next.earlier, [&](const ManifestRef& ref) { return ref.id == id; });
  if (next.earlier.size() > kEarlierMax) next.earlier.resize(kEarlierMax);
  auto done = CheckObjects(manifest, manifest.computed_at);
  if (done) done = Swap(next);
  if (done) return id;
  if (done.error().code == ErrorCode::kAlreadyExists) Withdraw(id);
  return Fail(std::move(done).error());
}

Result<std::string> Publication::Insert(const Manifest& manifest, Instant now) {
  const std::string encoded = Encode(manifest);
  const std::string id = ManifestId(manifest, encoded);
  const auto put = store_->Put(ManifestKey(id), encoded, store::PutCondition::None());
  if (!put) return Fail(WithContext(put.error(), "writing the manifest"));
  auto done = CheckObjects(manifest, now);
  if (done) return id;
  if (done.error().code == ErrorCode::kAlreadyExists) Withdraw(id);
  return Fail(std::move(done).error());
}

/// History holds what was once current, or inserted. A manifest that stays behind all the same
/// harms nobody.
void Publication::Withdraw(const std::string& id) {
  const auto pointer = ReadPointer(*store_);
  if (!pointer) return;
  if (*pointer && names((*pointer)->pointer, id)) return;
  if (const auto deleted = store_->Delete(ManifestKey(id)); !deleted) {
    LogError("manifest_not_withdrawn", deleted.error());
  }
}

/// A collector that decided before the manifest was there may delete an object that was written
/// anew since. It says which ones before it looks at the manifests a last time; see collect.cc.
Result<void> Publication::CheckObjects(const Manifest& manifest, Instant now) const {
  const std::set<std::string> keys = ReferencedKeys(manifest);
  REVOPS_TRY_ASSIGN(const std::set<std::string> condemned, ReadCondemned(*store_, now));
  REVOPS_TRY_ASSIGN(const auto stored, ListObjects(*store_));
  for (const std::string& key : keys) {
    if (condemned.contains(key) || !stored.contains(key)) {
      return Fail(ErrorCode::kAlreadyExists,
                  "an object of the new snapshot is being collected: begin again");
    }
  }
  return {};
}

Result<void> Publication::Confirm(const PointerUpdate& update) {
  REVOPS_CHECK(base_.has_value());
  return Swap(Next(update));
}

Result<void> Publication::Swap(const Pointer& next) {
  const std::string bytes = Encode(next);
  const auto condition = base_version_ ? store::PutCondition::IfMatch(*base_version_)
                                       : store::PutCondition::IfAbsent();
  const auto put = store_->Put(kPointerKey, bytes, condition);
  if (put) return {};
  // The answer may have been lost after the swap happened.
  const auto stored = store_->Get(kPointerKey);
  if (stored && stored->bytes == bytes) return {};
  return Fail(WithContext(put.error(), "replacing revops/current.json"));
}

}  // namespace revops::snapshot
