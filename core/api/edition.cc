#include "core/api/edition.h"

#include <utility>

#include "core/api/reply.h"
#include "core/api/snapshot_answers.h"
#include "core/sales/origin.h"

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

constexpr std::string_view kPipeline = "/api/pipeline/";
constexpr std::string_view kSummary = "/api/summary";

Edition::Page ViewPage(const Edition& edition, const std::string& view) {
  const std::string body = GroupedJson(edition, view, sales::Filter());
  return {std::string(kPipeline) + view, PreparedAnswer(body, kJson)};
}

Edition::Page SummaryPage(const Edition& edition) {
  return {std::string(kSummary), PreparedAnswer(SummaryJson(edition, sales::Filter()), kJson)};
}

/// nullopt when there is no such page, or what it shows cannot be read.
std::optional<Edition::Page> ReadPage(const Edition& edition, std::string_view path) {
  if (path == kSummary) {
    return edition.snapshot->LoadCube() ? std::optional(SummaryPage(edition)) : std::nullopt;
  }
  if (!path.starts_with(kPipeline)) return std::nullopt;
  const std::string view(path.substr(kPipeline.size()));
  if (!has_view(edition, view) || !edition.snapshot->LoadView(view)) return std::nullopt;
  return ViewPage(edition, view);
}

}  // namespace

const PreparedAnswer* Edition::FindPage(std::string_view path) const {
  for (const Page& page : pages) {
    if (page.path == path) return &page.answer;
  }
  return nullptr;
}

const PreparedAnswer* Edition::MakePage(std::string_view path) const {
  if (late == nullptr) return FindPage(path);
  const std::scoped_lock lock(late->mutex);
  for (const Page& page : late->pages) {
    if (page.path == path) return &page.answer;
  }
  std::optional<Page> made = ReadPage(*this, path);
  if (!made) return nullptr;
  late->pages.push_back(*std::move(made));
  return &late->pages.back().answer;
}

DataVersion Edition::version() const {
  return {snapshot->id(), snapshot->manifest().content_hash, data_as_of, computed_at};
}

std::optional<std::string> Edition::made_up_as() const {
  return origin == sales::kOwnRows ? std::nullopt : std::optional(origin);
}

Result<std::shared_ptr<const Edition>> Edition::OfCurrent(const snapshot::Current& current,
                                                          const std::optional<std::string>& label) {
  REVOPS_TRY_ASSIGN(TimeZone zone, ZoneOf(*current.snapshot));
  auto edition = std::make_shared<Edition>();
  edition->snapshot = current.snapshot;
  edition->data_as_of = current.data_as_of;
  edition->computed_at = current.computed_at;
  edition->degraded = current.degraded;
  edition->origin = OriginOf(current.snapshot->manifest(), label);
  edition->zone = std::move(zone);
  if (!current.snapshot->is_whole()) {
    edition->late = std::make_unique<LatePages>();
    return std::shared_ptr<const Edition>(std::move(edition));
  }
  for (const auto& [view, object] : current.snapshot->manifest().views) {
    if (has_view(*edition, view)) edition->pages.push_back(ViewPage(*edition, view));
  }
  edition->pages.push_back(SummaryPage(*edition));
  return std::shared_ptr<const Edition>(std::move(edition));
}

Result<std::shared_ptr<const Edition>> Edition::OfEarlier(
    std::shared_ptr<const snapshot::Snapshot> snapshot, const std::optional<std::string>& label) {
  REVOPS_TRY_ASSIGN(TimeZone zone, ZoneOf(*snapshot));
  auto edition = std::make_shared<Edition>();
  edition->data_as_of = snapshot->manifest().data_as_of;
  edition->computed_at = snapshot->manifest().computed_at;
  edition->origin = OriginOf(snapshot->manifest(), label);
  edition->zone = std::move(zone);
  edition->snapshot = std::move(snapshot);
  return std::shared_ptr<const Edition>(std::move(edition));
}

std::string OriginOf(const snapshot::Manifest& manifest, const std::optional<std::string>& label) {
  return manifest.origin ? *manifest.origin : label.value_or(std::string(sales::kOwnRows));
}

}  // namespace revops::api
