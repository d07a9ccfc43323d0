#include "core/api/snapshots.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/api/swapped.h"

namespace revops::api {
namespace {

constexpr std::string_view kManifestPrefix = "revops/snapshots/";
constexpr std::size_t kOpenEarlierMax = 4;

/// "20261122T020000Z-1a2b3c4d".
bool is_snapshot_id(std::string_view text) {
  constexpr std::string_view kForm = "00000000T000000Z-xxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool letter = text[i] >= 'a' && text[i] <= 'f';
    if (kForm[i] == '0' ? !digit : kForm[i] == 'x' ? !digit && !letter : text[i] != kForm[i]) {
      return false;
    }
  }
  return true;
}

Unexpected NoSuchSnapshot(std::string_view as_of) {
  return Fail(ErrorCode::kNotFound, "There is no snapshot as of " + std::string(as_of) + ".");
}

std::set<std::string> PartKeys(const snapshot::Manifest& manifest) {
  std::set<std::string> keys;
  for (const snapshot::Part& part : manifest.parts) {
    keys.insert(part.rows_object.value_or(part.cube_object).key());
  }
  return keys;
}

std::uint64_t SizeOf(const snapshot::Part& part) {
  std::uint64_t bytes = part.cube_object.size_bytes;
  if (part.rows_object) bytes += part.rows_object->size_bytes;
  if (part.ids_object) bytes += part.ids_object->size_bytes;
  return bytes;
}

/// `earlier`: the part keys of the previous snapshot.
SnapshotSummary Summarise(const snapshot::SnapshotEntry& entry,
                          const std::set<std::string>& earlier,
                          const std::optional<std::string>& label) {
  const snapshot::Manifest& manifest = entry.manifest;
  SnapshotSummary summary;
  summary.id = entry.id;
  summary.computed_at = manifest.computed_at;
  summary.data_as_of = manifest.data_as_of;
  summary.business_date = manifest.business_date;
  summary.origin = OriginOf(manifest, label);
  summary.content_hash = manifest.content_hash;
  summary.hash_kind = manifest.hash_kind;
  summary.parts = manifest.parts.size();
  summary.totals = manifest.totals;
  for (const snapshot::Part& part : manifest.parts) {
    summary.bytes += SizeOf(part);
    if (earlier.contains(part.rows_object.value_or(part.cube_object).key())) {
      ++summary.shared_parts;
    }
  }
  return summary;
}

/// The manifest that `entry` names as its previous one; nullptr when it is gone.
const snapshot::SnapshotEntry* PreviousOf(const snapshot::SnapshotEntry& entry,
                                          const std::vector<snapshot::SnapshotEntry>& entries) {
  if (!entry.manifest.previous_id) return nullptr;
  for (const snapshot::SnapshotEntry& other : entries) {
    if (other.id == *entry.manifest.previous_id) return &other;
  }
  return nullptr;
}

std::vector<SnapshotSummary> SummariseAll(const std::vector<snapshot::SnapshotEntry>& entries,
                                          const std::optional<std::string>& label) {
  std::vector<SnapshotSummary> summaries;
  summaries.reserve(entries.size());
  for (const snapshot::SnapshotEntry& entry : entries) {
    const snapshot::SnapshotEntry* previous = PreviousOf(entry, entries);
    summaries.push_back(
        Summarise(entry, previous ? PartKeys(previous->manifest) : std::set<std::string>(), label));
  }
  return summaries;
}

/// The history as it was read last, with the manifests that it was read from: they never change,
/// so that the same keys mean the same history.
struct History {
  std::vector<std::string> keys;
  std::vector<SnapshotSummary> summaries;
};

}  // namespace

struct SnapshotCatalog::Impl {
  Impl(store::ObjectStore& object_store, snapshot::Reading how_much,
       std::optional<std::string> deployment_label)
      : store(object_store), reading(how_much), label(std::move(deployment_label)) {}

  store::ObjectStore& store;
  std::atomic<snapshot::Reading> reading;
  const std::optional<std::string> label;
  Swapped<Edition> current;
  std::mutex reloading;

  std::mutex mutex;                                   ///< of what follows
  std::list<std::shared_ptr<const Edition>> earlier;  ///< asked for last comes first
  History history;

  Result<std::optional<std::string>> FindIdOn(Date date);
  Result<std::shared_ptr<const Edition>> FindById(std::string_view id);
  std::shared_ptr<const Edition> FindOpen(std::string_view id);
  void Keep(std::shared_ptr<const Edition> edition);
  Result<std::vector<SnapshotSummary>> List();
};

namespace {

bool is_served(const Edition& edition, const snapshot::Current& current) {
  return edition.snapshot == current.snapshot && edition.data_as_of == current.data_as_of &&
         edition.computed_at == current.computed_at && edition.degraded == current.degraded;
}

}  // namespace

SnapshotCatalog::SnapshotCatalog(store::ObjectStore& store, snapshot::Reading reading,
                                 std::optional<std::string> label)
    : impl_(std::make_unique<Impl>(store, reading, std::move(label))) {}
SnapshotCatalog::~SnapshotCatalog() = default;

Result<bool> SnapshotCatalog::Reload() {
  const std::lock_guard lock(impl_->reloading);
  const std::shared_ptr<const Edition> served = current();
  const snapshot::Reading reading = impl_->reading;
  const bool is_usable =
      served && (reading == snapshot::Reading::kOnDemand || served->snapshot->is_whole());
  REVOPS_TRY_ASSIGN(
      const std::optional<snapshot::Current> found,
      snapshot::OpenCurrent(impl_->store, is_usable ? served->snapshot : nullptr, reading));
  if (!found) return false;
  if (served && is_served(*served, *found)) return false;
  REVOPS_TRY_ASSIGN(auto edition, Edition::OfCurrent(*found, impl_->label));
  const bool replaces = served && served->snapshot != found->snapshot;
  impl_->current.Store(std::move(edition));
  if (replaces) impl_->Keep(served);
  return true;
}

void SnapshotCatalog::RequireWhole() { impl_->reading = snapshot::Reading::kWhole; }

std::shared_ptr<const Edition> SnapshotCatalog::current() const { return impl_->current.Load(); }

Result<std::shared_ptr<const Edition>> SnapshotCatalog::Find(std::string_view as_of) {
  if (is_snapshot_id(as_of)) return impl_->FindById(as_of);
  const std::optional<Date> date = Date::Parse(as_of);
  if (!date) {
    return Fail(ErrorCode::kInvalidArgument,
                "Parameter 'as_of' must be a snapshot's id or a date such as 2026-11-22.");
  }
  REVOPS_TRY_ASSIGN(const std::optional<std::string> id, impl_->FindIdOn(*date));
  if (!id) return NoSuchSnapshot(as_of);
  return impl_->FindById(*id);
}

Result<void> SnapshotCatalog::ReadRows(const snapshot::Snapshot& snapshot,
                                       const snapshot::Part& part, sales::SaleSink& sink) const {
  return snapshot::ReadPartRows(impl_->store, snapshot.manifest(), part, sink);
}

Result<std::vector<SnapshotSummary>> SnapshotCatalog::List() { return impl_->List(); }

Result<std::optional<std::string>> SnapshotCatalog::Impl::FindIdOn(Date date) {
  REVOPS_TRY_ASSIGN(const std::vector<SnapshotSummary> summaries, List());
  const std::shared_ptr<const Edition> served = current.Load();
  const auto rank = [&](const SnapshotSummary& summary) {
    return std::pair(served && served->origin == summary.origin, summary.business_date);
  };
  const SnapshotSummary* best = nullptr;
  for (const SnapshotSummary& summary : summaries) {
    if (summary.business_date > date) continue;
    if (!best || rank(*best) < rank(summary)) best = &summary;
  }
  return best ? std::optional(best->id) : std::nullopt;
}

Result<std::shared_ptr<const Edition>> SnapshotCatalog::Impl::FindById(std::string_view id) {
  if (auto edition = FindOpen(id)) return edition;
  Result<std::shared_ptr<const snapshot::Snapshot>> opened =
      snapshot::Snapshot::Open(store, id, reading);
  if (!opened && opened.error().code == ErrorCode::kNotFound) return NoSuchSnapshot(id);
  REVOPS_TRY_ASSIGN(auto found, std::move(opened));
  REVOPS_TRY_ASSIGN(auto edition, Edition::OfEarlier(std::move(found), label));
  Keep(edition);
  return edition;
}

std::shared_ptr<const Edition> SnapshotCatalog::Impl::FindOpen(std::string_view id) {
  const std::shared_ptr<const Edition> served = current.Load();
  if (served && served->snapshot->id() == id) return served;
  const std::lock_guard lock(mutex);
  const auto at = std::find_if(earlier.begin(), earlier.end(),
                               [&](const auto& edition) { return edition->snapshot->id() == id; });
  if (at == earlier.end()) return nullptr;
  earlier.splice(earlier.begin(), earlier, at);
  return earlier.front();
}

void SnapshotCatalog::Impl::Keep(std::shared_ptr<const Edition> edition) {
  const std::lock_guard lock(mutex);
  earlier.push_front(std::move(edition));
  if (earlier.size() > kOpenEarlierMax) earlier.pop_back();
}

Result<std::vector<SnapshotSummary>> SnapshotCatalog::Impl::List() {
  REVOPS_TRY_ASSIGN(const std::vector<store::ObjectInfo> objects, store.List(kManifestPrefix));
  std::vector<std::string> keys;
  keys.reserve(objects.size());
  for (const store::ObjectInfo& object : objects) keys.push_back(object.key);
  {
    const std::lock_guard lock(mutex);
    if (keys == history.keys) return history.summaries;
  }
  REVOPS_TRY_ASSIGN(const std::vector<snapshot::SnapshotEntry> entries,
                    snapshot::ListSnapshots(store));
  std::vector<SnapshotSummary> summaries = SummariseAll(entries, label);
  const std::lock_guard lock(mutex);
  history = {std::move(keys), summaries};
  return summaries;
}

}  // namespace revops::api
