#include "core/processor/refresh.h"

#include <utility>

#include "core/base/logging.h"
#include "core/processor/changes.h"
#include "core/processor/draft.h"
#include "core/processor/history.h"
#include "core/processor/inputs.h"
#include "core/processor/parts.h"
#include "core/processor/progress.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot.h"

namespace revops::processor {
namespace {

using snapshot::HashKind;
using snapshot::Manifest;
using snapshot::RefreshStep;

constexpr int kAttemptsMax = 5;
/// Of these, such as writers to a table without history may overtake.
constexpr int kOvertakenMax = 3;

/// What the attempts of one refresh have in common.
struct Setting {
  warehouse::Warehouse& warehouse;
  store::ObjectStore& store;
  const Clock& clock;
  const RefreshConfig& config;
  const RefreshRequest& request;
  Progress progress{request};
  /// Nothing of the base snapshot is reused: something of it proved damaged, or is said to be.
  bool distrusts_base = request.reads_anew;
  int overtaken = 0;
};

/// One attempt at the nightly job, from the pointer that it reads to the one that it swaps in. The
/// base is the snapshot that the swap will replace.
class Attempt {
 public:
  explicit Attempt(Setting& setting)
      : setting_(setting), config_(setting.config), progress_(setting.progress) {}

  Result<RefreshReport> Run() {
    REVOPS_TRY(Begin());
    if (follows_from_the_same_inputs()) {
      digests_avoided_ = 1;
      months_avoided_ = base()->parts.size();
      return Confirm();
    }
    REVOPS_TRY(FindDigests());
    REVOPS_TRY(GatherParts());
    REVOPS_TRY_ASSIGN(
        const Draft draft,
        MakeDraft({config_, *read_, digests_, kind_, business_date_, base_id()}, *parts_, load_));
    if (history_) return Insert(draft);
    if (base() != nullptr && says_the_same(draft, *base())) return Confirm();
    return Publish(draft);
  }

 private:
  Result<void> Begin();
  Result<void> StandInHistory(Instant as_of);
  Result<void> FindDigests();
  Result<void> GatherParts();
  Result<void> ReadMonths(const std::map<std::string, std::uint64_t>& rows_by_month);
  Result<void> KeepParts(const std::vector<const snapshot::Part*>& kept);
  Result<RefreshReport> Confirm();
  Result<RefreshReport> Publish(const Draft& draft);
  Result<RefreshReport> Insert(const Draft& draft);
  Result<void> PutDocuments(const Draft& draft);
  Result<void> PutDocument(const snapshot::EncodedObject& document);
  Result<std::string> Load(const snapshot::ObjectRef& ref) const;

  /// nullptr when there is none to build on.
  const Manifest* base() const {
    const bool is_whole = publication_->base() && publication_->base_manifest();
    return is_whole && !setting_.distrusts_base ? &*publication_->base_manifest() : nullptr;
  }
  std::optional<std::string> base_id() const {
    if (history_) return history_->previous_id;
    if (!publication_->base()) return std::nullopt;
    return publication_->base()->pointer.manifest.id;
  }
  bool follows_from_the_same_inputs() const {
    return base() != nullptr && !key_.rows.empty() &&
           publication_->base()->pointer.inputs_key == key_.ToString();
  }
  bool has_same_definitions(const Manifest& manifest) const {
    return manifest.definitions_object == EncodeDefinitionsObject(config_.definitions).ref;
  }
  /// Parts of the base can stand in the new snapshot; rows can be counted anew if need be.
  bool can_share(const Manifest& manifest) const {
    return manifest.hash_kind == kind_ && manifest.schema == read_->schema() &&
           (kind_ == HashKind::kRows || has_same_definitions(manifest));
  }
  snapshot::PointerUpdate Update() const {
    if (const auto as_of = setting_.request.as_of) return {*as_of, *as_of, key_.ToString(), {}};
    return {read_->began_at(), setting_.clock.Now(), key_.ToString(),
            setting_.request.scheduled_for};
  }
  RefreshReport ReportOn(RefreshOutcome outcome, const std::string& id,
                         const Manifest& manifest) const;

  Setting& setting_;
  const RefreshConfig& config_;
  Progress& progress_;
  snapshot::LoadObject load_ = [this](const snapshot::ObjectRef& ref) { return Load(ref); };

  std::optional<snapshot::Publication> publication_;
  std::optional<PlaceInHistory> history_;
  std::unique_ptr<warehouse::WarehouseRead> read_;
  Date business_date_;
  InputsKey key_;

  std::optional<warehouse::DayDigests> base_digests_;
  warehouse::DayDigests digests_;
  HashKind kind_ = HashKind::kRows;

  std::optional<Parts> parts_;
  std::uint64_t changed_days_ = 0;
  std::uint64_t digests_avoided_ = 0;
  std::uint64_t months_avoided_ = 0;
};

Result<void> Attempt::Begin() {
  progress_.Start(RefreshStep::kCheck, "objects");
  REVOPS_TRY_ASSIGN(publication_, snapshot::Publication::Begin(setting_.store));
  if (setting_.distrusts_base) publication_->DistrustBase();
  const std::optional<Instant> as_of = setting_.request.as_of;
  if (as_of && !publication_->is_first()) REVOPS_TRY(StandInHistory(*as_of));
  REVOPS_TRY_ASSIGN(read_, setting_.warehouse.BeginRead(setting_.request.stop));
  business_date_ = config_.zone.DateAt(as_of.value_or(setting_.clock.Now()));
  key_ = MakeInputsKey(*read_, business_date_, config_);
  return {};
}

Result<void> Attempt::StandInHistory(Instant as_of) {
  publication_->StandInHistory();
  REVOPS_TRY_ASSIGN(history_, FindPlaceInHistory(setting_.store, as_of));
  return {};
}

/// The day digests of the table; the warehouse computes them unless its rows are those of the base.
Result<void> Attempt::FindDigests() {
  if (base() != nullptr && base()->day_digests_object) {
    REVOPS_TRY_ASSIGN(const std::string text, Load(*base()->day_digests_object));
    if (auto parsed = ParseDayDigests(text)) base_digests_ = *std::move(parsed);
  }
  if (base_digests_ && has_same_rows(key_, publication_->base()->pointer.inputs_key)) {
    digests_ = *base_digests_;
    digests_avoided_ = 1;
    progress_.Skip(RefreshStep::kDigest);
  } else {
    progress_.Start(RefreshStep::kDigest, "days");
    REVOPS_TRY_ASSIGN(digests_, read_->ReadDayDigests());
    digests_.algorithm = std::to_string(kDataVersion) + " " + digests_.algorithm;
    progress_.Advance(digests_.days.size());
  }
  std::uint64_t rows = 0;
  for (const warehouse::DayDigest& day : digests_.days) rows += day.rows;
  kind_ = rows > config_.rows_max ? HashKind::kCube : HashKind::kRows;
  return {};
}

/// Months that changed are read, months that vanished dropped, all others taken over.
Result<void> Attempt::GatherParts() {
  const Manifest* source = base() != nullptr && can_share(*base()) ? base() : nullptr;
  const Changes changes = Compare(source != nullptr ? base_digests_ : std::nullopt, digests_);
  changed_days_ = changes.days;
  std::map<std::string, std::uint64_t> to_read = RowsByMonth(digests_);
  std::vector<const snapshot::Part*> kept;
  for (std::size_t i = 0; source != nullptr && i < source->parts.size(); ++i) {
    const snapshot::Part& part = source->parts[i];
    const auto found = to_read.find(part.month);
    const bool is_there = found != to_read.end() && found->second == part.rows;
    if (!is_there || changes.months.contains(part.month)) continue;
    to_read.erase(found);
    kept.push_back(&part);
  }
  months_avoided_ = kept.size();
  parts_.emplace(
      Parts::Context{read_->schema(), config_.definitions, *publication_, load_, progress_});
  REVOPS_TRY(ReadMonths(to_read));
  return KeepParts(kept);
}

Result<void> Attempt::ReadMonths(const std::map<std::string, std::uint64_t>& rows_by_month) {
  if (rows_by_month.empty()) {
    progress_.Skip(RefreshStep::kRead);
    return {};
  }
  std::set<std::string> months;
  std::uint64_t rows = 0;
  for (const auto& [month, month_rows] : rows_by_month) {
    months.insert(month);
    rows += month_rows;
  }
  progress_.Start(RefreshStep::kRead, "rows", rows);
  const warehouse::DaySelection days = SelectMonths(months);
  return kind_ == HashKind::kRows ? parts_->ReadRows(*read_, days)
                                  : parts_->ReadTotals(*read_, days);
}

Result<void> Attempt::KeepParts(const std::vector<const snapshot::Part*>& kept) {
  progress_.Start(RefreshStep::kBuild, "parts", kept.size());
  const bool counts_anew = base() != nullptr && !has_same_definitions(*base());
  for (const snapshot::Part* part : kept) {
    REVOPS_TRY(counts_anew ? parts_->Renormalize(*part) : parts_->Share(*part));
  }
  return {};
}

Result<RefreshReport> Attempt::Confirm() {
  REVOPS_TRY(progress_.CheckStop());
  const snapshot::PointerUpdate update = Update();
  REVOPS_TRY(publication_->Confirm(update));
  progress_.Finish();
  return RefreshReport{.outcome = RefreshOutcome::kUnchanged,
                       .snapshot_id = *base_id(),
                       .content_hash = base()->content_hash,
                       .rows = base()->row_count(),
                       .parts_shared = base()->parts.size(),
                       .data_as_of = update.data_as_of,
                       .computed_at = update.computed_at,
                       .digests_avoided = digests_avoided_,
                       .months_avoided = months_avoided_};
}

Result<RefreshReport> Attempt::Publish(const Draft& draft) {
  REVOPS_TRY(PutDocuments(draft));
  const snapshot::PointerUpdate update = Update();
  Manifest manifest = draft.manifest;
  manifest.data_as_of = update.data_as_of;
  manifest.computed_at = update.computed_at;
  REVOPS_TRY_ASSIGN(const std::string id, publication_->Commit(manifest, update));
  const auto copied = snapshot::WriteReadableCopies(setting_.store, id, manifest);
  if (!copied) LogError("readable_copies_failed", copied.error(), {{"snapshot_id", id}});
  progress_.Finish();
  return ReportOn(RefreshOutcome::kPublished, id, manifest);
}

/// Nothing is written when history says the same of that instant already.
Result<RefreshReport> Attempt::Insert(const Draft& draft) {
  const auto& present = history_->present;
  if (present && says_the_same(draft, present->manifest)) {
    progress_.Finish();
    return ReportOn(RefreshOutcome::kUnchanged, present->id, present->manifest);
  }
  REVOPS_TRY(PutDocuments(draft));
  Manifest manifest = draft.manifest;
  manifest.data_as_of = history_->at;
  manifest.computed_at = history_->at;
  REVOPS_TRY_ASSIGN(const std::string id, publication_->Insert(manifest, setting_.clock.Now()));
  progress_.Finish();
  return ReportOn(RefreshOutcome::kPublished, id, manifest);
}

RefreshReport Attempt::ReportOn(RefreshOutcome outcome, const std::string& id,
                                const Manifest& manifest) const {
  return RefreshReport{.outcome = outcome,
                       .snapshot_id = id,
                       .content_hash = manifest.content_hash,
                       .rows = manifest.row_count(),
                       .changed_days = changed_days_,
                       .parts_written = parts_->written_count(),
                       .parts_shared = parts_->shared_count(),
                       .data_as_of = manifest.data_as_of,
                       .computed_at = manifest.computed_at,
                       .digests_avoided = digests_avoided_,
                       .months_avoided = months_avoided_};
}

Result<void> Attempt::PutDocuments(const Draft& draft) {
  progress_.Start(RefreshStep::kPublish, "objects", draft.documents.size());
  for (const auto& document : draft.documents) REVOPS_TRY(PutDocument(document));
  return progress_.CheckStop();
}

/// What readers open first is read back: one that the base has, too, may be damaged since.
Result<void> Attempt::PutDocument(const snapshot::EncodedObject& document) {
  REVOPS_TRY(progress_.CheckStop());
  REVOPS_TRY(publication_->Put(document));
  REVOPS_TRY_ASSIGN(const std::string content, Load(document.ref));
  progress_.Advance(1);
  return {};
}

/// An object of the base or of this attempt; none that a manifest names may be missing.
Result<std::string> Attempt::Load(const snapshot::ObjectRef& ref) const {
  auto content = snapshot::ReadObject(setting_.store, ref);
  if (content || content.error().code != ErrorCode::kNotFound) return content;
  return Fail(ErrorCode::kCorrupt, "object " + ref.key() + " is missing");
}

/// Whether a further attempt can mend what the last one failed with.
bool may_start_over(const Error& error, Setting& setting) {
  if (error.code == ErrorCode::kAlreadyExists) return true;  // somebody else published meanwhile
  if (error.origin == warehouse::kWrittenMeanwhile) return ++setting.overtaken < kOvertakenMax;
  if (error.code != ErrorCode::kCorrupt || setting.distrusts_base) return false;
  setting.distrusts_base = true;
  return true;
}

}  // namespace

Result<RefreshReport> Refresh(warehouse::Warehouse& warehouse, store::ObjectStore& store,
                              const Clock& clock, const RefreshConfig& config,
                              const RefreshRequest& request) {
  Setting setting{warehouse, store, clock, config, request};
  for (int attempt = 1;; ++attempt) {
    auto report = Attempt(setting).Run();
    if (report) return report;
    if (attempt == kAttemptsMax || !may_start_over(report.error(), setting)) {
      setting.progress.Fail();
      return WithContext(std::move(report), "refresh");
    }
    LogError("refresh_started_over", report.error());
    setting.progress.Reset();
  }
}

}  // namespace revops::processor
