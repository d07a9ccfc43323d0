#include "apps/revops/imports/local_import_desk.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "apps/revops/dated_files.h"
#include "apps/revops/engine.h"
#include "apps/revops/imports/disk_upload.h"
#include "apps/revops/imports/durable_file.h"
#include "apps/revops/imports/inspect.h"
#include "core/base/logging.h"
#include "core/processor/history.h"

namespace revops::app {
namespace {

using api::ImportState;

constexpr std::size_t kListedMax = 50;
constexpr std::size_t kWaitingMax = 20;
constexpr std::size_t kRefusedBytesMax = std::size_t{64} << 20U;
constexpr std::chrono::hours kWaitingKept{7 * 24};
constexpr std::chrono::hours kEndedKept{90 * 24};

bool holds_file(ImportState state) {
  return state == ImportState::kInspecting || state == ImportState::kWaiting;
}

bool is_under_way(ImportState state) {
  return state == ImportState::kImporting || state == ImportState::kPublishing ||
         state == ImportState::kUndoing;
}

Unexpected NoSuchImport() { return Fail(ErrorCode::kNotFound, "There is no such import."); }

Unexpected WrongState(const ImportEntry& entry, std::string_view wanted) {
  return Fail(ErrorCode::kAlreadyExists, "The import is " +
                                             std::string(api::ToString(entry.job.state)) + ": " +
                                             std::string(wanted) + ".");
}

}  // namespace

LocalImportDesk::LocalImportDesk(Engine& engine)
    : engine_(engine),
      journal_(engine.folder().imports_folder()),
      mappings_(engine.folder().mappings_folder()),
      change_(engine, mappings_, [this](const ImportEntry& entry) { return Keep(entry); }) {}

LocalImportDesk::~LocalImportDesk() { Stop(); }

void LocalImportDesk::Start() {
  std::vector<ImportEntry> entries = journal_.Load();
  const std::scoped_lock lock(mutex_);
  if (std::exchange(is_started_, true)) return;
  for (ImportEntry& entry : entries) {
    const std::string id = entry.job.id;
    if (is_under_way(entry.job.state)) {
      occupied_by_ = id;
      taker_.Submit([this, entry](const std::stop_token& stop) { RunResume(entry, stop); });
    }
    if (entry.job.state == ImportState::kInspecting) {
      inspector_.Submit([this, id](const std::stop_token& stop) { InspectFirst(id, stop); });
    }
    imports_.emplace(id, Open{std::move(entry), {}});
  }
  Tidy();
}

void LocalImportDesk::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    for (auto& [id, open] : imports_) open.inspecting.request_stop();
  }
  inspector_.Stop();
  taker_.Stop();
}

std::unique_ptr<HttpUpload> LocalImportDesk::BeginUpload() {
  std::optional<Error> refusal;
  {
    const std::scoped_lock lock(mutex_);
    Tidy();
    const auto waiting = std::count_if(imports_.begin(), imports_.end(), [](const auto& item) {
      return holds_file(item.second.entry.job.state);
    });
    if (static_cast<std::size_t>(waiting) >= kWaitingMax) {
      refusal = Error{ErrorCode::kResourceExhausted,
                      "20 files wait to be imported: import or discard some of them first.",
                      {},
                      {}};
    }
  }
  return std::make_unique<DiskUpload>(journal_, NewId(engine_.random()),
                                      engine_.settings().import_bytes_max, std::move(refusal));
}

Result<api::ImportJob> LocalImportDesk::Accept(HttpUpload& upload, const std::string& file_name) {
  return AcceptFor(upload, file_name, "person");
}

Result<api::ImportJob> LocalImportDesk::AcceptFor(HttpUpload& upload, const std::string& file_name,
                                                  const std::string& requested_by) {
  auto& file = dynamic_cast<DiskUpload&>(upload);
  REVOPS_TRY(file.Keep());
  ImportEntry entry;
  entry.job.id = file.id();
  entry.job.file_name = file_name;
  entry.job.file_size_bytes = file.size_bytes();
  entry.job.requested_by = requested_by;
  entry.job.created_at = engine_.clock().Now();
  if (const auto date = DateInName(file_name)) entry.job.date_in_name = *date;
  if (const auto kept = journal_.Save(entry); !kept) {
    journal_.Remove(file.id());
    return Fail(kept.error());
  }
  {
    const std::scoped_lock lock(mutex_);
    imports_.emplace(entry.job.id, Open{entry, {}});
  }
  listener_(entry.job);
  inspector_.Submit(
      [this, id = file.id()](const std::stop_token& stop) { InspectFirst(id, stop); });
  return entry.job;
}

std::vector<api::ImportJob> LocalImportDesk::List() {
  std::vector<api::ImportJob> jobs;
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, open] : imports_) jobs.push_back(Shown(open.entry));
  std::sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) {
    return std::pair(a.created_at, a.id) > std::pair(b.created_at, b.id);
  });
  if (jobs.size() > kListedMax) jobs.resize(kListedMax);
  return jobs;
}

Result<api::ImportJob> LocalImportDesk::Find(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  REVOPS_TRY_ASSIGN(const Open* const open, FindOpen(id));
  return Shown(open->entry);
}

Result<mapping::Inspection> LocalImportDesk::Inspect(
    std::string_view id, const std::optional<mapping::Mapping>& mapping) {
  std::string file_name;
  std::stop_token stop;
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY_ASSIGN(Open* const open, FindOpen(id));
    if (open->entry.job.state != ImportState::kWaiting) {
      return WrongState(open->entry, "only one that waits can be looked at");
    }
    if (mapping) {
      open->inspecting.request_stop();
      open->inspecting = {};
    }
    file_name = open->entry.job.file_name;
    stop = open->inspecting.get_token();
  }
  if (!mapping) {
    REVOPS_TRY_ASSIGN(const auto text, ReadWholeFile(journal_.inspection(id)));
    return mapping::ParseInspection(text.value_or(""));
  }
  if (const auto problems = FindProblems(*mapping); !problems.empty()) {
    return Fail(ErrorCode::kInvalidArgument, problems.front());
  }
  return Read(std::string(id), file_name, mapping, stop);
}

Result<std::string> LocalImportDesk::RefusedRows(std::string_view id) {
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY(FindOpen(id));
  }
  const std::filesystem::path file = journal_.refused(id);
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > kRefusedBytesMax) {
    return Fail(ErrorCode::kResourceExhausted,
                "The refused rows are too many for a download; they are in " + file.string() + ".");
  }
  REVOPS_TRY_ASSIGN(auto text, ReadWholeFile(file));
  if (text) return *std::move(text);
  return Fail(ErrorCode::kNotFound, "No rows of this import were refused.");
}

Result<void> LocalImportDesk::Occupy(std::string_view id) {
  if (!occupied_by_.empty()) {
    return Fail(ErrorCode::kAlreadyExists, "Another import runs: wait for its end.");
  }
  occupied_by_ = id;
  return {};
}

Result<void> LocalImportDesk::OccupyInTurn(std::unique_lock<std::mutex>& lock, std::string_view id,
                                           const std::stop_token& stop) {
  if (!left_.wait(lock, stop, [this] { return occupied_by_.empty(); })) {
    return Fail(ErrorCode::kCancelled, "cancelled");
  }
  occupied_by_ = id;
  return {};
}

void LocalImportDesk::Leave() {
  const std::scoped_lock lock(mutex_);
  occupied_by_.clear();
  left_.notify_all();
}

Result<void> LocalImportDesk::CheckMode(const std::optional<mapping::Mapping>& mapping,
                                        const api::TakeOptions& options) {
  if (options.mode != "upsert" || options.as_of || !mapping) return {};
  if (mapping->column(mapping::Field::kId)) return {};
  return Fail(
      ErrorCode::kInvalidArgument,
      "No column of the file holds ids by which rows could be updated: replace all rows, or "
      "add these.");
}

Result<api::ImportJob> LocalImportDesk::Take(std::string_view id, const api::TakeOptions& options) {
  if (options.as_of) {
    REVOPS_TRY(processor::EndOfDay(*options.as_of, engine_.settings().zone, engine_.clock().Now()));
  }
  REVOPS_TRY_ASSIGN(const auto text, ReadWholeFile(journal_.inspection(id)));
  ImportEntry entry;
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY_ASSIGN(Open* const open, FindOpen(id));
    if (open->entry.job.state != ImportState::kWaiting) {
      return WrongState(open->entry, "only one that waits can be taken");
    }
    REVOPS_TRY_ASSIGN(const auto inspection, mapping::ParseInspection(text.value_or("")));
    REVOPS_TRY(CheckReady(inspection, options.skip_refused));
    REVOPS_TRY(CheckMode(inspection.mapping, options));
    REVOPS_TRY(Occupy(id));
    open->inspecting.request_stop();
    entry = open->entry;
    entry.mapping = inspection.mapping;
    entry.job.mapping = inspection.mapping.name;
    entry.job.as_of = options.as_of;
    if (!options.as_of) entry.job.mode = options.mode;
    entry.job.state = ImportState::kImporting;
    entry.job.progress = api::ImportJob::Progress{0, inspection.taken, "rows"};
    open->entry = entry;
  }
  if (const auto kept = KeepCurrent(id); !kept) {
    Leave();
    const std::scoped_lock lock(mutex_);
    imports_.find(id)->second.entry.job.state = ImportState::kWaiting;
    return Fail(kept.error());
  }
  taker_.Submit(
      [this, entry, options](const std::stop_token& stop) { RunTake(entry, options, stop); });
  return entry.job;
}

Result<api::ImportJob> LocalImportDesk::Undo(std::string_view id) {
  ImportEntry entry;
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY_ASSIGN(Open* const open, FindOpen(id));
    const api::ImportJob shown = Shown(open->entry);
    if (!shown.can_be_undone) {
      if (shown.not_undone_because) {
        return Fail(ErrorCode::kAlreadyExists, *shown.not_undone_because);
      }
      return WrongState(open->entry, "only one that was taken can be undone");
    }
    REVOPS_TRY(Occupy(id));
    open->entry.job.state = ImportState::kUndoing;
    open->entry.job.error.reset();
    entry = open->entry;
  }
  if (const auto kept = KeepCurrent(id); !kept) {
    Leave();
    const std::scoped_lock lock(mutex_);
    imports_.find(id)->second.entry.job.state = ImportState::kDone;
    return Fail(kept.error());
  }
  taker_.Submit([this, entry](const std::stop_token& stop) { RunUndo(entry, stop); });
  return entry.job;
}

Result<api::ImportJob> LocalImportDesk::Discard(std::string_view id) {
  ImportEntry entry;
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY_ASSIGN(Open* const open, FindOpen(id));
    if (!holds_file(open->entry.job.state)) {
      return WrongState(open->entry, "only one that waits can be discarded");
    }
    open->inspecting.request_stop();
    open->entry.job.state = ImportState::kDiscarded;
    open->entry.job.ended_at = engine_.clock().Now();
    entry = open->entry;
  }
  journal_.DropFile(id);
  REVOPS_TRY(KeepCurrent(id));
  return entry.job;
}

Result<std::vector<mapping::Mapping>> LocalImportDesk::Mappings() {
  MappingFolder::Contents contents = mappings_.Read();
  if (contents.errors.empty()) return std::move(contents.mappings);
  Error error = contents.errors[0];
  error.code = ErrorCode::kCorrupt;
  return Fail(std::move(error));
}

Result<snapshot::RefreshJob> LocalImportDesk::SaveMeaning(const mapping::Mapping& meaning) {
  std::vector<mapping::Mapping> mappings = mappings_.Read().mappings;
  auto found = std::find_if(mappings.begin(), mappings.end(),
                            [&](const mapping::Mapping& one) { return one.name == meaning.name; });
  if (found == mappings.end()) {
    REVOPS_TRY_ASSIGN(const auto unreadable, mappings_.Text(meaning.name));
    if (unreadable) {
      return Fail(ErrorCode::kAlreadyExists,
                  "mappings/" + meaning.name + ".toml cannot be read: mend it or remove it first.");
    }
    found = mappings.insert(mappings.end(), mapping::Mapping());
    found->name = meaning.name;
  }
  found->stages = meaning.stages;
  found->statuses = meaning.statuses;
  found->currency = meaning.currency;
  REVOPS_TRY(mapping::Apply(engine_.settings().definitions, mappings));
  REVOPS_TRY(mappings_.Save(*found));
  for (;;) {
    bool joined = false;
    REVOPS_TRY_ASSIGN(auto job, engine_.refresh().Start({.requested_by = "person"}, joined));
    if (!joined) return job;
    // That one may have read the mappings before this one was saved.
    REVOPS_TRY(engine_.refresh().Cancel(job.id));
    static_cast<void>(engine_.refresh().Wait(job.id, {}));
  }
}

Result<LocalImportDesk::Open*> LocalImportDesk::FindOpen(std::string_view id) {
  const auto found = imports_.find(id);
  if (found == imports_.end()) return NoSuchImport();
  return &found->second;
}

const ImportEntry* LocalImportDesk::newest_taken() const {
  const ImportEntry* newest = nullptr;
  for (const auto& [id, open] : imports_) {
    const bool is_newer = newest == nullptr || open.entry.job.ended_at > newest->job.ended_at;
    if (open.entry.is_taken && is_newer) newest = &open.entry;
  }
  return newest;
}

api::ImportJob LocalImportDesk::Shown(const ImportEntry& entry) const {
  api::ImportJob job = entry.job;
  if (job.as_of && job.state == ImportState::kDone) {
    job.not_undone_because =
        "A day of history is not undone: a mended file of the same day takes its place.";
  }
  if (!entry.is_taken || is_under_way(job.state)) return job;
  if (newest_taken() != &entry) {
    job.not_undone_because = "A later import is in the table: undo that one first.";
  } else if (entry.snapshot_before.empty()) {
    job.not_undone_because = "There is no snapshot of the table as it was before.";
  } else if (entry.content_after.empty()) {
    job.not_undone_because = "No snapshot shows the import yet.";
  } else {
    job.can_be_undone = true;
  }
  return job;
}

Result<void> LocalImportDesk::KeepCurrent(std::string_view id) {
  const std::scoped_lock keeping(keeping_);
  ImportEntry entry;
  api::ImportJob shown;
  {
    const std::scoped_lock lock(mutex_);
    REVOPS_TRY_ASSIGN(const Open* const open, FindOpen(id));
    entry = open->entry;
    shown = Shown(open->entry);
  }
  const auto saved = journal_.Save(entry);
  listener_(shown);
  return saved;
}

Result<void> LocalImportDesk::Keep(const ImportEntry& entry) {
  {
    const std::scoped_lock lock(mutex_);
    imports_[entry.job.id].entry = entry;
  }
  return KeepCurrent(entry.job.id);
}

void LocalImportDesk::Tidy() {
  const Instant now = engine_.clock().Now();
  for (auto item = imports_.begin(); item != imports_.end();) {
    const ImportEntry& entry = item->second.entry;
    const bool waits = holds_file(entry.job.state);
    const Instant since = entry.job.ended_at.value_or(entry.job.created_at);
    const bool is_old = now - since > (waits ? kWaitingKept : kEndedKept);
    if (!is_old || is_under_way(entry.job.state)) {
      ++item;
      continue;
    }
    journal_.Remove(item->first);
    item = imports_.erase(item);
  }
}

}  // namespace revops::app
