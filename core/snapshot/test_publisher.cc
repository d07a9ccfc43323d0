#include "core/snapshot/test_publisher.h"

#include <utility>

#include "core/base/time_zone.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/views.h"

namespace revops::snapshot {
namespace {

Result<std::vector<EncodedPart>> EncodeParts(const std::vector<sales::Sale>& rows,
                                             const BuildOptions& options) {
  std::vector<EncodedPart> parts;
  PartWriter writer(sales::Schema::FctSales(), options.definitions, [&](EncodedPart part) {
    parts.push_back(std::move(part));
    return Result<void>();
  });
  REVOPS_TRY(WriteAll(rows, 3, writer));
  REVOPS_TRY(writer.Finish());
  if (options.hash_kind == HashKind::kRows) return parts;
  for (EncodedPart& part : parts) {
    REVOPS_TRY_ASSIGN(const std::string bytes,
                      DecodeObject(part.objects[2].bytes, part.part.cube_object));
    REVOPS_TRY_ASSIGN(const cube::CubeColumns cube, DecodeCube(bytes));
    part = EncodeCubePart(part.part.month, sales::Schema::FctSales(), cube, options.definitions);
  }
  return parts;
}

Result<std::string> ContentOf(const std::vector<EncodedObject>& objects, const ObjectRef& ref) {
  for (const EncodedObject& object : objects) {
    if (object.ref == ref) return DecodeObject(object.bytes, ref);
  }
  return Fail(ErrorCode::kNotFound, ref.key());
}

Result<cube::CubeColumns> MergedCube(const BuiltSnapshot& built) {
  std::vector<cube::CubeColumns> cubes;
  for (const Part& part : built.manifest.parts) {
    REVOPS_TRY_ASSIGN(const std::string bytes, ContentOf(built.objects, part.cube_object));
    REVOPS_TRY_ASSIGN(cube::CubeColumns cube, DecodeCube(bytes));
    cubes.push_back(std::move(cube));
  }
  if (cubes.empty()) return cube::FromCells(sales::Schema::FctSales(), {});
  std::vector<const cube::CubeColumns*> parts;
  for (const cube::CubeColumns& cube : cubes) parts.push_back(&cube);
  return cube::Merge(parts);
}

ObjectRef AddJson(BuiltSnapshot& built, std::string_view json) {
  built.objects.push_back(EncodeObject(json, "json.zst"));
  return built.objects.back().ref;
}

}  // namespace

Result<BuiltSnapshot> BuildSnapshot(const std::vector<sales::Sale>& rows,
                                    const BuildOptions& options) {
  BuiltSnapshot built;
  REVOPS_TRY_ASSIGN(std::vector<EncodedPart> parts, EncodeParts(rows, options));
  for (EncodedPart& part : parts) {
    built.manifest.parts.push_back(part.part);
    for (EncodedObject& object : part.objects) built.objects.push_back(std::move(object));
  }
  Manifest& manifest = built.manifest;
  manifest.data_as_of = options.at - std::chrono::seconds(5);
  manifest.computed_at = options.at;
  manifest.business_date = TimeZone::Utc().DateAt(options.at);
  manifest.zone = "UTC";
  manifest.hash_kind = options.hash_kind;
  manifest.content_hash = ContentHash(options.hash_kind, manifest.parts);
  manifest.source = {"duckdb", "FCT_SALES"};
  manifest.program_version = "0.1.0";
  manifest.previous_id = options.previous_id;
  manifest.definitions_object = AddJson(built, EncodeDefinitions(options.definitions));
  manifest.day_digests_object = AddJson(built, R"({"algorithm":"none","days":[]})");
  REVOPS_TRY_ASSIGN(const cube::CubeColumns columns, MergedCube(built));
  manifest.totals = TotalsOf(manifest.schema, columns);
  REVOPS_TRY_ASSIGN(
      manifest.ledger,
      CompleteLedger({manifest.schema, manifest.parts, columns, manifest.business_date},
                     [&](const ObjectRef& ref) { return ContentOf(built.objects, ref); }));
  const cube::Cube cube(columns);
  cube::CubeAnswer answer;
  cube.Query({}, answer);
  for (const std::string& name : ViewNames(manifest.schema)) {
    std::string view;
    AppendView(view, name, answer, {manifest.schema, options.definitions, cube});
    manifest.views.emplace(name, AddJson(built, view));
  }
  return built;
}

BuiltSnapshot TinySnapshot(Instant at, std::string_view definitions, std::string_view digests) {
  BuiltSnapshot built;
  built.objects = {EncodeObject(definitions, "json.zst"), EncodeObject(digests, "json.zst")};
  built.manifest.definitions_object = built.objects[0].ref;
  built.manifest.day_digests_object = built.objects[1].ref;
  built.manifest.data_as_of = at;
  built.manifest.computed_at = at;
  built.manifest.business_date = TimeZone::Utc().DateAt(at);
  built.manifest.zone = "UTC";
  built.manifest.content_hash = ContentHash(HashKind::kRows, {});
  return built;
}

PointerUpdate UpdateAt(Instant at) {
  return {at - std::chrono::seconds(5), at, "inputs", std::nullopt};
}

Result<std::string> PublishBuilt(store::ObjectStore& store, const BuiltSnapshot& built) {
  REVOPS_TRY_ASSIGN(Publication publication, Publication::Begin(store));
  for (const EncodedObject& object : built.objects) REVOPS_TRY(publication.Put(object));
  return publication.Commit(built.manifest, UpdateAt(built.manifest.computed_at));
}

Result<std::string> PublishRows(store::ObjectStore& store, const std::vector<sales::Sale>& rows,
                                Instant at) {
  REVOPS_TRY_ASSIGN(Publication publication, Publication::Begin(store));
  BuildOptions options{at, HashKind::kRows, std::nullopt, {}};
  if (publication.base()) options.previous_id = publication.base()->pointer.manifest.id;
  REVOPS_TRY_ASSIGN(const BuiltSnapshot built, BuildSnapshot(rows, options));
  for (const EncodedObject& object : built.objects) REVOPS_TRY(publication.Put(object));
  REVOPS_TRY_ASSIGN(const std::string id, publication.Commit(built.manifest, UpdateAt(at)));
  REVOPS_TRY(WriteReadableCopies(store, id, built.manifest));
  return id;
}

}  // namespace revops::snapshot
