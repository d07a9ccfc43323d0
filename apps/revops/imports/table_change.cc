#include "apps/revops/imports/table_change.h"

#include <utility>

#include "apps/revops/engine.h"
#include "core/base/logging.h"
#include "core/snapshot/snapshot.h"

namespace revops::app {
namespace {

/// Rows of a stored snapshot on their way back into the table.
class StoredRows final : public warehouse::SaleSource {
 public:
  StoredRows(store::ObjectStore& store, const snapshot::Manifest& manifest)
      : store_(store), manifest_(manifest) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    return snapshot::ReadSnapshotRows(store_, manifest_, sink);
  }
  std::optional<std::string> origin() const override { return manifest_.origin; }

 private:
  store::ObjectStore& store_;
  const snapshot::Manifest& manifest_;
};

/// Counts what passes.
class CountedRows final : public warehouse::SaleSource, private sales::SaleSink {
 public:
  CountedRows(warehouse::SaleSource& source, std::function<void(std::uint64_t)> on_rows)
      : source_(source), on_rows_(std::move(on_rows)) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    sink_ = &sink;
    return source_.ReadAll(*this);
  }
  std::optional<std::string> origin() const override { return source_.origin(); }

 private:
  static constexpr std::uint64_t kStep = 50'000;

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    const std::uint64_t before = rows_;
    rows_ += rows.size();
    if (before / kStep != rows_ / kStep) on_rows_(rows_);
    return sink_->Write(rows);
  }

  warehouse::SaleSource& source_;
  std::function<void(std::uint64_t)> on_rows_;
  sales::SaleSink* sink_ = nullptr;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<processor::RefreshReport> TableChange::Publish(const ImportEntry& entry,
                                                      const std::stop_token& stop) {
  const std::string asker = entry.job.requested_by == "watch" ? "command" : entry.job.requested_by;
  return engine_.refresh().RunAnew({.requested_by = asker}, stop);
}

/// A table that cannot be read can still be filled anew; only the way back is missing then.
Result<void> TableChange::NoteStateBefore(ImportEntry& entry, const std::stop_token& stop) {
  const auto before = Publish(entry, stop);
  if (stop.stop_requested()) return Fail(ErrorCode::kCancelled, "the import was stopped");
  if (!before) {
    LogError("no_snapshot_before_import", before.error());
  } else {
    entry.snapshot_before = before->snapshot_id;
    entry.content_before = before->content_hash;
  }
  return keep_(entry);
}

Result<void> TableChange::SaveMapping(ImportEntry& entry) {
  if (!entry.mapping || entry.mapping->name == mapping::kOwnColumnsName) return {};
  REVOPS_TRY_ASSIGN(entry.mapping_file_before, mappings_.Text(entry.mapping->name));
  entry.has_saved_mapping = true;
  REVOPS_TRY(keep_(entry));
  return mappings_.Save(*entry.mapping);
}

Result<void> TableChange::PutMappingBack(const ImportEntry& entry) {
  if (!entry.has_saved_mapping || !entry.mapping) return {};
  return mappings_.PutBack(entry.mapping->name, entry.mapping_file_before);
}

Result<void> TableChange::Show(ImportEntry& entry, const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(const auto report, Publish(entry, stop));
  entry.content_after = report.content_hash;
  entry.job.snapshot_id = report.snapshot_id;
  return {};
}

Result<void> TableChange::Take(ImportEntry& entry, const Rows& rows, const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine_.database());
  REVOPS_TRY(NoteStateBefore(entry, stop));
  REVOPS_TRY(SaveMapping(entry));
  CountedRows counted(rows.source, [&](std::uint64_t done) {
    if (entry.job.progress) entry.job.progress->done = done;
    if (const auto kept = keep_(entry); !kept) LogError("import_not_noted", kept.error());
  });
  const auto taken = database->Import(counted, rows.schema, rows.mode, stop);
  if (!taken) {
    if (const auto back = PutMappingBack(entry); !back) {
      LogError("mapping_not_put_back", back.error());
    }
    return Fail(taken.error());
  }
  entry.is_taken = true;
  entry.job.state = api::ImportState::kPublishing;
  entry.job.progress.reset();
  entry.job.rows = api::ImportJob::Rows{*taken, entry.job.rows ? entry.job.rows->refused : 0};
  REVOPS_TRY(keep_(entry));
  return Show(entry, stop);
}

Result<void> TableChange::ShowUndone(ImportEntry& entry, const std::stop_token& stop) {
  REVOPS_TRY(PutMappingBack(entry));
  entry.is_taken = false;
  REVOPS_TRY_ASSIGN(const auto report, Publish(entry, stop));
  entry.job.snapshot_id = report.snapshot_id;
  return {};
}

Result<void> TableChange::Undo(ImportEntry& entry, const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine_.database());
  REVOPS_TRY_ASSIGN(const auto now, Publish(entry, stop));
  if (now.content_hash != entry.content_after) {
    return Fail(ErrorCode::kAlreadyExists,
                "The table has changed since the import, so that it cannot be "
                "undone alone; "
                "`revops restore` takes the table back to any snapshot.");
  }
  REVOPS_TRY_ASSIGN(const auto manifest,
                    snapshot::ReadManifest(engine_.store(), entry.snapshot_before));
  StoredRows source(engine_.store(), manifest);
  REVOPS_TRY(database->Import(source, manifest.schema, warehouse::ImportMode::kRestore, stop));
  return ShowUndone(entry, stop);
}

Result<void> TableChange::Resume(ImportEntry& entry, const std::stop_token& stop) {
  const bool was_undoing = entry.job.state == api::ImportState::kUndoing;
  REVOPS_TRY_ASSIGN(const auto now, Publish(entry, stop));
  const bool is_as_before = now.content_hash == entry.content_before;
  if (was_undoing) {
    if (is_as_before) return ShowUndone(entry, stop);
    entry.job.state = api::ImportState::kDone;
    return {};
  }
  entry.is_taken = entry.is_taken || (!is_as_before && !entry.content_before.empty());
  if (entry.is_taken) return Show(entry, stop);
  REVOPS_TRY(PutMappingBack(entry));
  return Fail(ErrorCode::kCancelled,
              "The program ended while the file was imported. The table is as "
              "it was before: hand "
              "the file over again.");
}

}  // namespace revops::app
