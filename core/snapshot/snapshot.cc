#include "core/snapshot/snapshot.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/snapshot/damage.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/part.h"
#include "core/snapshot/views.h"

namespace revops::snapshot {
namespace {

/// Somebody waits for the answer.
constexpr std::size_t kReadersOnDemand = 8;

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

/// The parts' cubes in order. `readers_max` at a time: one after the other, a store across the
/// network would cost a round trip a month.
std::vector<std::optional<Result<cube::CubeColumns>>> ReadParts(store::ObjectStore& store,
                                                                const Manifest& manifest,
                                                                std::size_t readers_max) {
  std::vector<std::optional<Result<cube::CubeColumns>>> cubes(manifest.parts.size());
  std::atomic<std::size_t> next = 0;
  const auto read = [&] {
    for (std::size_t i = next++; i < cubes.size(); i = next++) {
      cubes[i] = ReadCube(store, manifest, manifest.parts[i]);
    }
  };
  std::vector<std::jthread> readers;
  try {
    for (std::size_t i = 1; i < std::min(readers_max, cubes.size()); ++i) {
      readers.emplace_back(read);
    }
  } catch (const std::system_error&) {
    // Those that could be started, and this thread, do it.
  }
  read();
  readers.clear();
  return cubes;
}

Result<cube::CubeColumns> ReadCubes(store::ObjectStore& store, const Manifest& manifest,
                                    std::size_t readers_max) {
  std::vector<cube::CubeColumns> cubes;
  for (auto& read : ReadParts(store, manifest, readers_max)) {
    REVOPS_TRY_ASSIGN(cube::CubeColumns cube, *std::move(read));
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
  REVOPS_TRY_ASSIGN(cube::CubeColumns columns, ReadCubes(*store_, manifest_, 1));
  cube_.emplace(std::move(columns));
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
  REVOPS_TRY_ASSIGN(cube::CubeColumns columns, ReadCubes(*store_, manifest_, kReadersOnDemand));
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
