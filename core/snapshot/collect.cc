// Retention and garbage, safe beside publishers and kill -9.
//
// Objects are listed before the pointer and the manifests are read: an object that a publisher
// writes afterwards is not in the list. One that it writes anew meanwhile is guarded by
// revops/collecting.json (collecting.h): it is written before the manifests are read a last time,
// and publishers read it after they have written theirs. Whoever comes second sees the other.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/snapshot/collecting.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/verify.h"

namespace revops::snapshot {
namespace {

constexpr std::string_view kJobPrefix = "revops/jobs/";
constexpr std::chrono::hours kObjectAgeMin{48};
constexpr std::chrono::days kJobAgeMax{7};
constexpr std::chrono::days kKeepAll{35};
constexpr std::chrono::days kKeepWeekly{365};

/// What is known of the manifests at one moment.
struct Roots {
  std::vector<std::pair<std::string, Manifest>> manifests;  ///< ascending by computed_at
  std::set<std::string> pinned_ids;                         ///< named by the pointer
  std::vector<std::string> damaged_ids;
};

Result<void> AddRoot(store::ObjectStore& store, const std::string& id, Roots& roots) {
  auto stored = ReadStoredManifest(store, id);
  if (stored) {
    roots.manifests.emplace_back(id, std::move(stored->manifest));
    return {};
  }
  if (stored.error().code == ErrorCode::kNotFound) return {};  // withdrawn since it was listed
  if (stored.error().code != ErrorCode::kCorrupt) return Fail(stored.error());
  roots.damaged_ids.push_back(id);
  return {};
}

/// The pointer first: what it named a moment ago is named by a manifest that is listed then.
Result<Roots> ReadRoots(store::ObjectStore& store) {
  Roots roots;
  REVOPS_TRY_ASSIGN(const auto stored, ReadPointer(store));
  if (stored) {
    roots.pinned_ids.insert(stored->pointer.manifest.id);
    for (const ManifestRef& ref : stored->pointer.earlier) roots.pinned_ids.insert(ref.id);
  }
  REVOPS_TRY_ASSIGN(const auto infos, store.List(kManifestPrefix));
  for (const store::ObjectInfo& info : infos) {
    if (const auto id = ManifestIdOf(info.key)) REVOPS_TRY(AddRoot(store, *id, roots));
  }
  std::sort(roots.manifests.begin(), roots.manifests.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.computed_at, a.first) < std::pair(b.second.computed_at, b.first);
  });
  return roots;
}

std::int64_t DayOf(Instant at) {
  return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

/// Weeks begin on Monday; 1970-01-01 was a Thursday.
std::int64_t WeekOf(Instant at) {
  const std::int64_t day = DayOf(at) + 3;
  return (day < 0 ? day - 6 : day) / 7;
}

std::string MonthNameOf(Instant at) {
  return Date::FromDays(static_cast<std::int32_t>(DayOf(at))).ToMonth();
}

/// Ids that retention lets go. `roots` ascend, so the last one entered for a week or month stays;
/// a demo's nights do not take the place of somebody's own.
std::vector<std::string> Expired(const Roots& roots, Instant now) {
  using Origin = std::optional<std::string>;
  std::map<std::pair<Origin, std::int64_t>, std::string> last_of_week;
  std::map<std::pair<Origin, std::string>, std::string> last_of_month;
  for (const auto& [id, manifest] : roots.manifests) {
    last_of_week[{manifest.origin, WeekOf(manifest.computed_at)}] = id;
    last_of_month[{manifest.origin, MonthNameOf(manifest.computed_at)}] = id;
  }
  std::vector<std::string> expired;
  for (const auto& [id, manifest] : roots.manifests) {
    const auto age = now - manifest.computed_at;
    const Origin& origin = manifest.origin;
    const bool is_kept =
        age <= kKeepAll || roots.pinned_ids.contains(id) ||
        last_of_month[{origin, MonthNameOf(manifest.computed_at)}] == id ||
        (age <= kKeepWeekly && last_of_week[{origin, WeekOf(manifest.computed_at)}] == id);
    if (!is_kept) expired.push_back(id);
  }
  return expired;
}

/// The instant in a manifest's name; the only thing known of a damaged one.
bool is_named_before(const std::string& id, Instant limit) { return id < ToCompact(limit); }

class Collector {
 public:
  Collector(store::ObjectStore& store, Instant now) : store_(store), now_(now) {}

  Result<CollectReport> Run() {
    REVOPS_TRY_ASSIGN(const auto objects, store_.List(kObjectPrefix));
    REVOPS_TRY_ASSIGN(Roots roots, ReadRoots(store_));
    REVOPS_TRY(DeleteExpired(roots));
    // Somebody may still bring a damaged manifest back from a backup.
    if (roots.damaged_ids.empty()) REVOPS_TRY(DeleteObjects(Unreferenced(objects, roots)));
    REVOPS_TRY(DeleteJobs());
    return report_;
  }

 private:
  using Sizes = std::map<std::string, std::uint64_t>;

  Result<void> DeleteExpired(Roots& roots) {
    for (const std::string& id : Expired(roots, now_)) {
      REVOPS_TRY(store_.Delete(ManifestKey(id)));
      ++report_.snapshots_deleted;
      std::erase_if(roots.manifests, [&](const auto& entry) { return entry.first == id; });
    }
    std::vector<std::string> kept;
    for (const std::string& id : roots.damaged_ids) {
      if (roots.pinned_ids.contains(id) || !is_named_before(id, now_ - kKeepAll)) {
        kept.push_back(id);
        continue;
      }
      REVOPS_TRY(store_.Delete(ManifestKey(id)));
      ++report_.snapshots_deleted;
    }
    roots.damaged_ids = std::move(kept);
    return {};
  }

  Sizes Unreferenced(const std::vector<store::ObjectInfo>& objects, const Roots& roots) const {
    Sizes sizes;
    for (const store::ObjectInfo& info : objects) {
      if (now_ - info.modified_at > kObjectAgeMin) sizes.emplace(info.key, info.size_bytes);
    }
    EraseReferenced(sizes, roots);
    return sizes;
  }

  static void EraseReferenced(Sizes& sizes, const Roots& roots) {
    for (const auto& [id, manifest] : roots.manifests) {
      for (const std::string& key : ReferencedKeys(manifest)) sizes.erase(key);
    }
  }

  Result<void> DeleteObjects(Sizes condemned) {
    if (condemned.empty()) return {};
    REVOPS_TRY_ASSIGN(const bool is_alone, Announce(condemned));
    if (!is_alone) return {};
    auto done = DeleteAnnounced(std::move(condemned));
    const auto withdrawn = store_.Delete(kCollectingKey);
    return done ? withdrawn : std::move(done);
  }

  /// False when another collector is at work.
  Result<bool> Announce(const Sizes& condemned) {
    auto condition = store::PutCondition::IfAbsent();
    const auto present = store_.Get(kCollectingKey);
    if (present) {
      const auto other = ParseCollecting(present->bytes);
      if (other && now_ - other->started_at <= kCollectingMax) return false;
      condition = store::PutCondition::IfMatch(present->version);
    } else if (present.error().code != ErrorCode::kNotFound) {
      return Fail(present.error());
    }
    Collecting collecting{now_, {}};
    for (const auto& [key, size] : condemned) collecting.condemned.insert(key);
    const auto put = store_.Put(kCollectingKey, Encode(collecting), condition);
    if (put) return true;
    if (put.error().code == ErrorCode::kAlreadyExists) return false;
    return Fail(put.error());
  }

  Result<void> DeleteAnnounced(Sizes condemned) {
    REVOPS_TRY_ASSIGN(const Roots roots, ReadRoots(store_));
    if (!roots.damaged_ids.empty()) return {};
    EraseReferenced(condemned, roots);
    for (const auto& [key, size] : condemned) {
      REVOPS_TRY(store_.Delete(key));
      ++report_.objects_deleted;
      report_.bytes_deleted += size;
    }
    return {};
  }

  /// A job is written last when it ends.
  Result<void> DeleteJobs() {
    REVOPS_TRY_ASSIGN(const auto infos, store_.List(kJobPrefix));
    for (const store::ObjectInfo& info : infos) {
      if (now_ - info.modified_at > kJobAgeMax) REVOPS_TRY(store_.Delete(info.key));
    }
    return {};
  }

  store::ObjectStore& store_;
  Instant now_;
  CollectReport report_;
};

}  // namespace

Result<std::vector<std::string>> ListExpired(store::ObjectStore& store, Instant now) {
  REVOPS_TRY_ASSIGN(const Roots roots, ReadRoots(store));
  return Expired(roots, now);
}

Result<CollectReport> Collect(store::ObjectStore& store, Instant now) {
  return Collector(store, now).Run();
}

}  // namespace revops::snapshot
