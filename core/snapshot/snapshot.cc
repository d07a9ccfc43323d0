#include "core/snapshot/snapshot.h"

#include <utility>

#include "core/base/check.h"
#include "core/snapshot/damage.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/part.h"
#include "core/snapshot/views.h"

namespace revops::snapshot {
namespace {

Unexpected DoesNotAddUp(std::string_view what) {
  return Fail(ErrorCode::kCorrupt, "a snapshot's " + std::string(what) + " does not add up");
}

/// A missing object of a manifest that is there is damage, not absence.
Result<std::string> ReadReferenced(store::ObjectStore& store, const ObjectRef& ref) {
  auto content = ReadObject(store, ref);
  if (content || content.error().code != ErrorCode::kNotFound) return content;
  return Fail(ErrorCode::kCorrupt, "object " + ref.key() + " is missing");
}

bool has_dimensions_of(const cube::CubeColumns& cube, const sales::Schema& schema) {
  if (cube.dictionaries.size() != schema.dimension_count()) return false;
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    if (cube.dictionaries[i].name != schema.dimension(i).name) return false;
  }
  return true;
}

Result<cube::CubeColumns> ReadCube(store::ObjectStore& store, const Manifest& manifest,
                                   const Part& part) {
  REVOPS_TRY_ASSIGN(const std::string bytes, ReadReferenced(store, part.cube_object));
  REVOPS_TRY_ASSIGN(cube::CubeColumns cube, DecodeCube(bytes));
  if (!has_dimensions_of(cube, manifest.schema)) return DoesNotAddUp("list of dimensions");
  if (TotalsOf(manifest.schema, cube).total().deals != part.rows) return DoesNotAddUp("part");
  return cube;
}

Result<cube::CubeColumns> ReadCubes(store::ObjectStore& store, const Manifest& manifest) {
  std::vector<cube::CubeColumns> cubes;
  for (const Part& part : manifest.parts) {
    REVOPS_TRY_ASSIGN(cube::CubeColumns cube, ReadCube(store, manifest, part));
    cubes.push_back(std::move(cube));
  }
  if (cubes.empty()) return cube::FromCells(manifest.schema, {});
  std::vector<const cube::CubeColumns*> parts;
  for (const cube::CubeColumns& cube : cubes) parts.push_back(&cube);
  cube::CubeColumns merged = cube::Merge(parts);
  if (TotalsOf(manifest.schema, merged) != manifest.totals) return DoesNotAddUp("total");
  return merged;
}

}  // namespace

Snapshot::Snapshot(store::ObjectStore& store, std::string id, Manifest manifest,
                   sales::Definitions definitions)
    : store_(&store),
      id_(std::move(id)),
      manifest_(std::move(manifest)),
      definitions_(std::move(definitions)) {}

Result<std::shared_ptr<const Snapshot>> Snapshot::Open(store::ObjectStore& store,
                                                       std::string_view id, Reading reading) {
  REVOPS_TRY_ASSIGN(Manifest manifest, ReadManifest(store, id));
  return Open(store, id, std::move(manifest), reading);
}

Result<std::shared_ptr<const Snapshot>> Snapshot::Open(store::ObjectStore& store,
                                                       std::string_view id, Manifest manifest,
                                                       Reading reading) {
  if (ContentHash(manifest.hash_kind, manifest.parts) != manifest.content_hash) {
    return DoesNotAddUp("content_hash");
  }
  for (const std::string& name : ViewNames(manifest.schema)) {
    if (!manifest.views.contains(name)) return DoesNotAddUp("list of views");
  }
  REVOPS_TRY_ASSIGN(const std::string definitions_bytes,
                    ReadReferenced(store, manifest.definitions_object));
  REVOPS_TRY_ASSIGN(sales::Definitions definitions, ParseDefinitions(definitions_bytes));
  std::shared_ptr<Snapshot> snapshot(
      new Snapshot(store, std::string(id), std::move(manifest), std::move(definitions)));
  if (reading == Reading::kWhole) REVOPS_TRY(snapshot->ReadWhole());
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

Result<void> Snapshot::ReadWhole() {
  for (const std::string& name : ViewNames(manifest_.schema)) REVOPS_TRY(LoadView(name));
  REVOPS_TRY(LoadCube());
  store_ = nullptr;
  return {};
}

std::unique_lock<std::mutex> Snapshot::LockUnlessWhole() const {
  return is_whole() ? std::unique_lock<std::mutex>() : std::unique_lock(mutex_);
}

Result<void> Snapshot::LoadView(std::string_view name) const {
  if (is_whole()) return {};
  const std::scoped_lock lock(mutex_);
  if (views_.contains(name)) return {};
  const auto ref = manifest_.views.find(std::string(name));
  REVOPS_CHECK(ref != manifest_.views.end());
  REVOPS_TRY_ASSIGN(std::string view, ReadReferenced(*store_, ref->second));
  views_.emplace(name, std::move(view));
  return {};
}

Result<void> Snapshot::LoadCube() const {
  if (is_whole()) return {};
  const std::scoped_lock lock(mutex_);
  if (cube_) return {};
  REVOPS_TRY_ASSIGN(cube::CubeColumns columns, ReadCubes(*store_, manifest_));
  cube_.emplace(std::move(columns));
  return {};
}

const cube::Cube& Snapshot::cube() const {
  const auto lock = LockUnlessWhole();
  REVOPS_CHECK(cube_.has_value());
  return *cube_;
}

const std::string& Snapshot::view(std::string_view name) const {
  const auto lock = LockUnlessWhole();
  const auto found = views_.find(name);
  REVOPS_CHECK(found != views_.end());
  return found->second;
}

}  // namespace revops::snapshot
