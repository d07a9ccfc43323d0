#include <algorithm>
#include <utility>

#include "core/snapshot/damage.h"
#include "core/snapshot/part.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"

namespace revops::snapshot {
namespace {

bool is_newer(const SnapshotEntry& a, const SnapshotEntry& b) {
  return std::pair(a.manifest.computed_at, std::string_view(a.id)) >
         std::pair(b.manifest.computed_at, std::string_view(b.id));
}

}  // namespace

Result<Manifest> ReadManifest(store::ObjectStore& store, std::string_view id) {
  REVOPS_TRY_ASSIGN(StoredManifest stored, ReadStoredManifest(store, id));
  return std::move(stored.manifest);
}

Result<std::string> ReadObject(store::ObjectStore& store, const ObjectRef& ref) {
  REVOPS_TRY_ASSIGN(const store::Object object, store.Get(ref.key()));
  return DecodeObject(object.bytes, ref);
}

Result<void> ReadPartRows(store::ObjectStore& store, const Manifest& manifest, const Part& part,
                          sales::SaleSink& sink) {
  if (!part.rows_object) {
    return Fail(ErrorCode::kUnsupported, "the snapshot holds totals alone, no rows");
  }
  REVOPS_TRY_ASSIGN(const std::string rows, ReadObject(store, *part.rows_object));
  return WithContext(ReadRows(rows, manifest.schema, sink), part.rows_object->key());
}

Result<void> ReadSnapshotRows(store::ObjectStore& store, const Manifest& manifest,
                              sales::SaleSink& sink) {
  const bool has_rows = std::all_of(manifest.parts.begin(), manifest.parts.end(),
                                    [](const Part& part) { return part.rows_object.has_value(); });
  if (!has_rows) return Fail(ErrorCode::kUnsupported, "the snapshot holds totals alone, no rows");
  for (const Part& part : manifest.parts) REVOPS_TRY(ReadPartRows(store, manifest, part, sink));
  return {};
}

Result<std::vector<SnapshotEntry>> ListSnapshots(store::ObjectStore& store) {
  REVOPS_TRY_ASSIGN(const auto infos, store.List(kManifestPrefix));
  std::vector<SnapshotEntry> entries;
  for (const store::ObjectInfo& info : infos) {
    auto id = ManifestIdOf(info.key);
    if (!id) continue;
    auto manifest = ReadManifest(store, *id);
    if (manifest) {
      entries.push_back({*std::move(id), *std::move(manifest)});
    } else if (!is_damage(manifest.error()) && manifest.error().code != ErrorCode::kUnsupported) {
      return Unexpected(std::move(manifest).error());
    }
  }
  std::sort(entries.begin(), entries.end(), is_newer);
  return entries;
}

}  // namespace revops::snapshot
