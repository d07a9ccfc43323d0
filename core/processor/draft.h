#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/processor/parts.h"
#include "core/processor/refresh.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/part.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

/// A snapshot that is not published yet.
struct Draft {
  snapshot::Manifest manifest;  ///< without computed_at
  /// What it names besides the parts' objects: definitions, digests, views.
  std::vector<snapshot::EncodedObject> documents;
};

struct DraftInputs {
  const RefreshConfig& config;
  const warehouse::WarehouseRead& read;
  const warehouse::DayDigests& digests;
  snapshot::HashKind kind = snapshot::HashKind::kRows;
  Date business_date;
  std::optional<std::string> previous_id;
};

/// The definitions as every snapshot made under them holds them.
snapshot::EncodedObject EncodeDefinitionsObject(const sales::Definitions& definitions);

/// Errors: kInternal when the figures do not add up; those of `load`.
Result<Draft> MakeDraft(const DraftInputs& inputs, const Parts& parts,
                        const snapshot::LoadObject& load);

/// Whether the base says all that the draft says; when and by which program is another matter.
bool says_the_same(const Draft& draft, const snapshot::Manifest& base);

}  // namespace revops::processor
