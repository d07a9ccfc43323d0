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

Result<void> ReadSnapshotRows(store::ObjectStore& store, const Manifest& manifest,
                              sales::SaleSink& sink) {
  std::vector<ObjectRef> objects;
  for (const Part& part : manifest.parts) {
    if (!part.rows_object) {
      return Fail(ErrorCode::kUnsupported, "the snapshot holds totals alone, no rows");
    }
    objects.push_back(*part.rows_object);
  }
  for (const ObjectRef& object : objects) {
    REVOPS_TRY_ASSIGN(const std::string rows, ReadObject(store, object));
    REVOPS_TRY(WithContext(ReadRows(rows, manifest.schema, sink), object.key()));
  }
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
