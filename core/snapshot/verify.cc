#include "core/snapshot/verify.h"

#include <map>
#include <set>
#include <utility>

#include "core/snapshot/damage.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/part.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/views.h"

namespace revops::snapshot {
namespace {

/// Compares what a manifest says of a part with what its rows give.
class PartComparison {
 public:
  PartComparison(const Part& recorded, const Part& computed)
      : recorded_(recorded), computed_(computed) {}

  std::vector<Damage> Run() {
    const std::string rows_key = recorded_.rows_object->key();
    Check(recorded_.month == computed_.month, rows_key, "holds rows of another month");
    Check(recorded_.rows == computed_.rows, rows_key, "holds another number of rows");
    Check(recorded_.rows_object == computed_.rows_object, rows_key, "is not canonical");
    Check(recorded_.ids_object == computed_.ids_object, recorded_.ids_object->key(),
          "is not the list of the rows' ids");
    Check(recorded_.cube_object == computed_.cube_object, recorded_.cube_object.key(),
          "does not hold the rows' totals");
    sales::Ledger ledger = computed_.ledger;
    // Rows keep no trace of a date that could not be represented.
    ledger[sales::LedgerReason::kDateUnrepresentable] =
        recorded_.ledger[sales::LedgerReason::kDateUnrepresentable];
    Check(recorded_.ledger == ledger, rows_key, "gives another ledger than the manifest has");
    return std::move(damages_);
  }

 private:
  void Check(bool holds, const std::string& key, const char* what) {
    if (!holds) damages_.push_back({key, what});
  }

  const Part& recorded_;
  const Part& computed_;
  std::vector<Damage> damages_;
};

class Verifier {
 public:
  explicit Verifier(store::ObjectStore& store) : store_(store) {}

  Result<VerifyReport> Run() {
    REVOPS_TRY(VerifyManifests());
    REVOPS_TRY(VerifyPointer());
    return std::move(report_);
  }

 private:
  Result<void> VerifyManifests() {
    REVOPS_TRY_ASSIGN(const auto infos, store_.List(kManifestPrefix));
    for (const store::ObjectInfo& info : infos) {
      const auto id = ManifestIdOf(info.key);
      if (!id) {
        Blame(info.key, "has no name of a manifest");
        continue;
      }
      auto stored = ReadStoredManifest(store_, *id);
      if (stored) {
        manifest_hashes_.emplace(*id, stored->sha256);
        ++report_.snapshots;
        report_.bytes += info.size_bytes;
        REVOPS_TRY(VerifySnapshot(info.key, stored->manifest));
      } else {
        REVOPS_TRY(BlameIfDamage(info.key, stored.error(), "the snapshot cannot be opened"));
      }
    }
    return {};
  }

  Result<void> VerifyPointer() {
    const auto stored = ReadPointer(store_);
    if (!stored) {
      return BlameIfDamage(std::string(kPointerKey), stored.error(),
                           "the newest whole snapshot serves instead");
    }
    if (!*stored) {
      if (report_.snapshots > 0) Blame(std::string(kPointerKey), "is missing");
      return {};
    }
    const Pointer& pointer = (*stored)->pointer;
    VerifyRef(pointer.manifest, "the current snapshot");
    for (const ManifestRef& ref : pointer.earlier) VerifyRef(ref, "an earlier snapshot");
    return {};
  }

  void VerifyRef(const ManifestRef& ref, const std::string& role) {
    const auto found = manifest_hashes_.find(ref.id);
    if (found == manifest_hashes_.end()) {
      Blame(ManifestKey(ref.id), role + " of the pointer is missing or damaged");
    } else if (found->second != ref.sha256) {
      Blame(ManifestKey(ref.id), role + " of the pointer has another hash");
    }
  }

  Result<void> VerifySnapshot(const std::string& key, const Manifest& manifest) {
    if (ContentHash(manifest.hash_kind, manifest.parts) != manifest.content_hash) {
      Blame(key, "has a content_hash that its parts do not give");
    }
    for (const ObjectRef& ref : References(manifest)) REVOPS_TRY(VerifyObject(ref));
    for (const ObjectRef& ref : References(manifest)) {
      if (damaged_keys_.contains(ref.key())) return {};  // nothing can be recomputed
    }
    REVOPS_TRY_ASSIGN(const std::string bytes, Load(manifest.definitions_object));
    auto definitions = ParseDefinitions(bytes);
    if (!definitions) {
      return BlameIfDamage(manifest.definitions_object.key(), definitions.error(), "");
    }
    for (const Part& part : manifest.parts) {
      REVOPS_TRY(VerifyPart(manifest, part, *definitions));
    }
    return VerifyWhole(key, manifest, *definitions);
  }

  Result<void> VerifyObject(const ObjectRef& ref) {
    const std::string key = ref.key();
    if (!checked_keys_.insert(key).second) return {};
    const auto object = store_.Get(key);
    if (!object) {
      if (!is_damage(object.error())) return Fail(object.error());
      damaged_keys_.insert(key);
      Blame(key, "is missing");
      return {};
    }
    ++report_.objects;
    report_.bytes += object->bytes.size();
    if (!DecodeObject(object->bytes, ref)) {
      damaged_keys_.insert(key);
      Blame(key, "does not match its hash");
    }
    return {};
  }

  Result<void> VerifyPart(const Manifest& manifest, const Part& part,
                          const sales::Definitions& definitions) {
    if (!part.rows_object) return {};
    const std::string identity = part.month + part.rows_object->sha256 + part.cube_object.sha256 +
                                 manifest.definitions_object.sha256;
    if (!checked_parts_.insert(identity).second) return {};
    REVOPS_TRY_ASSIGN(const std::string rows, Load(*part.rows_object));
    std::vector<Part> computed;
    PartWriter writer(manifest.schema, definitions, [&](const EncodedPart& encoded) {
      computed.push_back(encoded.part);
      return Result<void>();
    });
    auto read = ReadRows(rows, manifest.schema, writer);
    if (read) read = writer.Finish();
    if (!read) return BlameIfDamage(part.rows_object->key(), read.error(), "");
    if (computed.size() != 1) {
      Blame(part.rows_object->key(), "does not hold the rows of one month");
      return {};
    }
    for (Damage& damage : PartComparison(part, computed[0]).Run()) {
      report_.damages.push_back(std::move(damage));
    }
    return {};
  }

  /// Totals, ledger and views against the cubes, which VerifyPart has held against the rows.
  Result<void> VerifyWhole(const std::string& key, const Manifest& manifest,
                           const sales::Definitions& definitions) {
    std::vector<cube::CubeColumns> cubes;
    for (const Part& part : manifest.parts) {
      REVOPS_TRY_ASSIGN(const std::string bytes, Load(part.cube_object));
      auto cube = DecodeCube(bytes);
      if (!cube) return BlameIfDamage(part.cube_object.key(), cube.error(), "");
      if (cube->dictionaries.size() != manifest.schema.dimension_count()) {
        Blame(part.cube_object.key(), "has other dimensions than the manifest");
        return {};
      }
      cubes.push_back(*std::move(cube));
    }
    std::vector<const cube::CubeColumns*> parts;
    for (const cube::CubeColumns& cube : cubes) parts.push_back(&cube);
    const cube::CubeColumns merged =
        parts.empty() ? cube::FromCells(manifest.schema, {}) : cube::Merge(parts);
    if (TotalsOf(manifest.schema, merged) != manifest.totals) {
      Blame(key, "has totals that its rows do not give");
    }
    const auto ledger =
        CompleteLedger({manifest.schema, manifest.parts, merged, manifest.business_date},
                       [this](const ObjectRef& ref) { return Load(ref); });
    if (!ledger) return BlameIfDamage(key, ledger.error(), "the ledger cannot be recomputed");
    if (*ledger != manifest.ledger) Blame(key, "has a ledger that its rows do not give");
    return VerifyViews(key, manifest, definitions, merged);
  }

  Result<void> VerifyViews(const std::string& key, const Manifest& manifest,
                           const sales::Definitions& definitions,
                           const cube::CubeColumns& columns) {
    const cube::Cube cube(columns);
    cube::CubeAnswer answer;
    cube.Query({}, answer);
    for (const std::string& name : ViewNames(manifest.schema)) {
      const auto ref = manifest.views.find(name);
      if (ref == manifest.views.end()) {
        Blame(key, "lacks the view " + name);
        continue;
      }
      std::string computed;
      AppendView(computed, name, answer, {manifest.schema, definitions, cube});
      REVOPS_TRY_ASSIGN(const std::string stored, Load(ref->second));
      if (stored != computed) Blame(ref->second.key(), "shows other totals than the rows give");
    }
    return {};
  }

  Result<std::string> Load(const ObjectRef& ref) {
    REVOPS_TRY_ASSIGN(const store::Object object, store_.Get(ref.key()));
    return DecodeObject(object.bytes, ref);
  }

  void Blame(std::string key, std::string what) {
    report_.damages.push_back({std::move(key), std::move(what)});
  }

  /// Passes on what says nothing about the stored bytes.
  Result<void> BlameIfDamage(const std::string& key, const Error& error, std::string_view cost) {
    if (!is_damage(error) && error.code != ErrorCode::kUnsupported) return Fail(error);
    Blame(key, Describe(error) + (cost.empty() ? "" : "; " + std::string(cost)));
    return {};
  }

  store::ObjectStore& store_;
  VerifyReport report_;
  std::map<std::string, std::string> manifest_hashes_;
  std::set<std::string> checked_keys_;
  std::set<std::string> damaged_keys_;
  std::set<std::string> checked_parts_;
};

}  // namespace

Result<VerifyReport> Verify(store::ObjectStore& store) { return Verifier(store).Run(); }

}  // namespace revops::snapshot
