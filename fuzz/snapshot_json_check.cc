#include "fuzz/snapshot_json_check.h"

#include <string>

#include "core/base/check.h"
#include "core/snapshot/collecting.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/job.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/stored_manifest.h"

namespace revops::fuzz {
namespace {

template <class Document>
void CheckDocument(std::string_view bytes, Result<Document> (*read)(std::string_view),
                   std::string (*write)(const Document&)) {
  const Result<Document> document = read(bytes);
  if (!document) {
    const ErrorCode code = document.error().code;
    REVOPS_CHECK(code == ErrorCode::kCorrupt || code == ErrorCode::kUnsupported);
    REVOPS_CHECK(!document.error().message.empty());
    return;
  }
  const std::string written = write(*document);
  const Result<Document> again = read(written);
  REVOPS_CHECK(again.has_value());
  REVOPS_CHECK(write(*again) == written);
}

/// What readers ask of a manifest without looking at any object.
void CheckManifest(std::string_view bytes) {
  CheckDocument<snapshot::Manifest>(bytes, snapshot::ParseManifest, snapshot::Encode);
  const auto manifest = snapshot::ParseManifest(bytes);
  if (!manifest) return;
  const std::string encoded = snapshot::Encode(*manifest);
  REVOPS_CHECK(snapshot::Proves(snapshot::ManifestId(*manifest, encoded), encoded));
  REVOPS_CHECK(snapshot::ContentHash(manifest->hash_kind, manifest->parts).size() == 64);
  REVOPS_CHECK(snapshot::ReferencedKeys(*manifest).size() <= References(*manifest).size());
  REVOPS_CHECK(manifest->totals.total().priced <= manifest->row_count());
}

}  // namespace

void CheckSnapshotJson(std::string_view bytes) {
  CheckManifest(bytes);
  CheckDocument<snapshot::Pointer>(bytes, snapshot::ParsePointer, snapshot::Encode);
  CheckDocument<sales::Definitions>(bytes, snapshot::ParseDefinitions, snapshot::EncodeDefinitions);
  CheckDocument<snapshot::RefreshJob>(bytes, snapshot::ParseJob, snapshot::EncodeJob);
  CheckDocument<snapshot::Collecting>(bytes, snapshot::ParseCollecting, snapshot::Encode);
}

}  // namespace revops::fuzz
