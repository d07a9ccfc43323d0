#pragma once

#include <string>
#include <vector>

#include "core/snapshot/part.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/test_rows.h"

/// The shortest way from rows to a snapshot, for tests.
namespace revops::snapshot {

inline Instant At(const char* text) { return *ParseInstant(text); }

/// A manifest with every object that it names.
struct BuiltSnapshot {
  Manifest manifest;
  std::vector<EncodedObject> objects;
};

struct BuildOptions {
  Instant at;
  HashKind hash_kind = HashKind::kRows;
  std::optional<std::string> previous_id;
  sales::Definitions definitions;
};

/// `rows` in canonical order.
Result<BuiltSnapshot> BuildSnapshot(const std::vector<sales::Sale>& rows,
                                    const BuildOptions& options);
/// The smallest manifest: its objects are the definitions and the digests, of any content.
BuiltSnapshot TinySnapshot(Instant at, std::string_view definitions, std::string_view digests);
PointerUpdate UpdateAt(Instant at);
/// Begin, Put, Commit; returns the id.
Result<std::string> PublishBuilt(store::ObjectStore& store, const BuiltSnapshot& built);
/// Begin, Put, Commit, WriteReadableCopies; returns the id.
Result<std::string> PublishRows(store::ObjectStore& store, const std::vector<sales::Sale>& rows,
                                Instant at);

}  // namespace revops::snapshot
