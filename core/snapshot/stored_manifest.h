#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/snapshot/manifest.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

inline constexpr std::string_view kManifestPrefix = "revops/snapshots/";
inline constexpr std::string_view kObjectPrefix = "revops/objects/";

/// The id in a manifest's key; nullopt for any other key.
std::optional<std::string> ManifestIdOf(std::string_view key);

struct StoredManifest {
  Manifest manifest;
  std::string sha256;  ///< of the stored bytes
};

/// Errors: kNotFound, kCorrupt unless the bytes prove the id and parse, kUnsupported.
Result<StoredManifest> ReadStoredManifest(store::ObjectStore& store, std::string_view id);

/// Every object that the manifest names.
std::vector<ObjectRef> References(const Manifest& manifest);
std::set<std::string> ReferencedKeys(const Manifest& manifest);

}  // namespace revops::snapshot
