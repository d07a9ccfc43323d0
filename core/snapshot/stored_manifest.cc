#include "core/snapshot/stored_manifest.h"

#include <utility>

#include "core/base/sha256.h"
#include "core/snapshot/manifest_json.h"

namespace revops::snapshot {

std::optional<std::string> ManifestIdOf(std::string_view key) {
  constexpr std::string_view kSuffix = ".json";
  if (!key.starts_with(kManifestPrefix) || !key.ends_with(kSuffix)) return std::nullopt;
  key.remove_prefix(kManifestPrefix.size());
  if (key.size() < kSuffix.size()) return std::nullopt;
  key.remove_suffix(kSuffix.size());
  return is_manifest_id(key) ? std::optional(std::string(key)) : std::nullopt;
}

Result<StoredManifest> ReadStoredManifest(store::ObjectStore& store, std::string_view id) {
  if (!is_manifest_id(id)) return Fail(ErrorCode::kNotFound, "there is no such snapshot");
  REVOPS_TRY_ASSIGN(const store::Object object, store.Get(ManifestKey(id)));
  if (!Proves(id, object.bytes)) {
    return Fail(ErrorCode::kCorrupt, ManifestKey(id) + " does not match its name");
  }
  REVOPS_TRY_ASSIGN(Manifest manifest, WithContext(ParseManifest(object.bytes), ManifestKey(id)));
  return StoredManifest{std::move(manifest), Sha256::Hex(object.bytes)};
}

std::vector<ObjectRef> References(const Manifest& manifest) {
  std::vector<ObjectRef> refs = {manifest.definitions_object};
  if (manifest.day_digests_object) refs.push_back(*manifest.day_digests_object);
  for (const Part& part : manifest.parts) {
    if (part.rows_object) refs.push_back(*part.rows_object);
    if (part.ids_object) refs.push_back(*part.ids_object);
    refs.push_back(part.cube_object);
  }
  for (const auto& [name, ref] : manifest.views) refs.push_back(ref);
  return refs;
}

std::set<std::string> ReferencedKeys(const Manifest& manifest) {
  std::set<std::string> keys;
  for (const ObjectRef& ref : References(manifest)) keys.insert(ref.key());
  return keys;
}

}  // namespace revops::snapshot
