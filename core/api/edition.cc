#include "core/api/edition.h"

#include <utility>

#include "core/api/reply.h"
#include "core/api/snapshot_answers.h"

namespace revops::api {
namespace {

Result<TimeZone> ZoneOf(const snapshot::Snapshot& snapshot) {
  const std::string& name = snapshot.definitions().zone;
  Result<TimeZone> zone = TimeZone::Load(name);
  if (zone) return zone;
  return Fail(ErrorCode::kCorrupt,
              "Snapshot " + snapshot.id() + " names the time zone '" + name +
                  "', which this machine does not know: install its time zone files.");
}

void AddPage(Edition& edition, std::string path, const std::string& body) {
  edition.pages.push_back({std::move(path), PreparedAnswer(body, kJson)});
}

}  // namespace

const PreparedAnswer* Edition::FindPage(std::string_view path) const {
  for (const Page& page : pages) {
    if (page.path == path) return &page.answer;
  }
  return nullptr;
}

DataVersion Edition::version() const {
  return {snapshot->id(), snapshot->manifest().content_hash, data_as_of, computed_at};
}

Result<std::shared_ptr<const Edition>> Edition::OfCurrent(const snapshot::Current& current) {
  REVOPS_TRY_ASSIGN(TimeZone zone, ZoneOf(*current.snapshot));
  auto edition = std::make_shared<Edition>();
  edition->snapshot = current.snapshot;
  edition->data_as_of = current.data_as_of;
  edition->computed_at = current.computed_at;
  edition->degraded = current.degraded;
  edition->zone = std::move(zone);
  const sales::Filter everything;
  for (const auto& [view, object] : current.snapshot->manifest().views) {
    if (!has_view(*edition, view)) continue;
    AddPage(*edition, "/api/pipeline/" + view, GroupedJson(*edition, view, everything));
  }
  AddPage(*edition, "/api/summary", SummaryJson(*edition, everything));
  return std::shared_ptr<const Edition>(std::move(edition));
}

Result<std::shared_ptr<const Edition>> Edition::OfEarlier(
    std::shared_ptr<const snapshot::Snapshot> snapshot) {
  REVOPS_TRY_ASSIGN(TimeZone zone, ZoneOf(*snapshot));
  auto edition = std::make_shared<Edition>();
  edition->data_as_of = snapshot->manifest().data_as_of;
  edition->computed_at = snapshot->manifest().computed_at;
  edition->zone = std::move(zone);
  edition->snapshot = std::move(snapshot);
  return std::shared_ptr<const Edition>(std::move(edition));
}

}  // namespace revops::api
