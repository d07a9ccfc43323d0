#include "core/processor/draft.h"

#include <utility>

#include "core/processor/changes.h"
#include "core/processor/figures.h"
#include "core/processor/inputs.h"
#include "core/snapshot/definitions_codec.h"

namespace revops::processor {

snapshot::EncodedObject EncodeDefinitionsObject(const sales::Definitions& definitions) {
  return snapshot::EncodeObject(snapshot::EncodeDefinitions(definitions), "json.zst");
}

Result<Draft> MakeDraft(const DraftInputs& inputs, const Parts& parts,
                        const snapshot::LoadObject& load) {
  Draft draft;
  snapshot::Manifest& manifest = draft.manifest;
  manifest.data_as_of = inputs.read.began_at();
  manifest.business_date = inputs.business_date;
  manifest.zone = inputs.config.zone.name();
  manifest.hash_kind = inputs.kind;
  manifest.schema = inputs.read.schema();
  manifest.parts = parts.parts();
  manifest.content_hash = snapshot::ContentHash(inputs.kind, manifest.parts);
  manifest.source = inputs.config.source;
  manifest.origin = OriginOf(inputs.read, inputs.config);
  manifest.program_version = inputs.config.program_version;
  manifest.previous_id = inputs.previous_id;

  const auto rows_by_month = RowsByMonth(inputs.digests);
  REVOPS_TRY_ASSIGN(Figures figures,
                    ComputeFigures({manifest.schema, inputs.config.definitions, manifest.parts,
                                    rows_by_month, inputs.business_date},
                                   parts.MergeCubes(), load));
  manifest.totals = figures.totals;
  manifest.ledger = figures.ledger;

  draft.documents.push_back(EncodeDefinitionsObject(inputs.config.definitions));
  manifest.definitions_object = draft.documents.back().ref;
  draft.documents.push_back(snapshot::EncodeObject(EncodeDayDigests(inputs.digests), "txt.zst"));
  manifest.day_digests_object = draft.documents.back().ref;
  for (auto& [name, view] : figures.views) {
    manifest.views.emplace(name, view.ref);
    draft.documents.push_back(std::move(view));
  }
  return draft;
}

bool says_the_same(const Draft& draft, const snapshot::Manifest& base) {
  snapshot::Manifest manifest = draft.manifest;
  manifest.data_as_of = base.data_as_of;
  manifest.computed_at = base.computed_at;
  manifest.program_version = base.program_version;
  manifest.previous_id = base.previous_id;
  return Encode(manifest) == Encode(base);
}

}  // namespace revops::processor
