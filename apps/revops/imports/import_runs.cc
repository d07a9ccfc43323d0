#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "apps/revops/engine.h"
#include "apps/revops/file_parser.h"
#include "apps/revops/imports/durable_file.h"
#include "apps/revops/imports/inspect.h"
#include "apps/revops/imports/local_import_desk.h"
#include "apps/revops/row_documents.h"
#include "core/base/check.h"
#include "core/base/logging.h"
#include "core/snapshot/part.h"

/// What the desk does on its threads.

namespace revops::app {
namespace {

using api::ImportState;

/// Rows as the import worker wrote them.
class ParsedRows final : public warehouse::SaleSource {
 public:
  ParsedRows(const foreign::ByteSource& documents, const sales::Schema& schema)
      : documents_(documents), schema_(schema) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    for (;;) {
      REVOPS_TRY_ASSIGN(const std::string_view document, documents_.Next());
      if (document.empty()) return {};
      REVOPS_TRY(snapshot::ReadRows(document, schema_, sink));
    }
  }

 private:
  RowDocumentReader documents_;
  const sales::Schema& schema_;
};

Result<Descriptor> OpenFile(const std::filesystem::path& file) {
  Descriptor input(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (input) return input;
  return Fail(DiskError("cannot read", file));
}

warehouse::ImportMode ModeOf(const std::string& text) {
  if (text == "append") return warehouse::ImportMode::kAppend;
  return text == "upsert" ? warehouse::ImportMode::kUpsert : warehouse::ImportMode::kReplace;
}

}  // namespace

/// Keeps what was found, unless somebody asked for another mapping meanwhile.
Result<mapping::Inspection> LocalImportDesk::Read(const std::string& id,
                                                  const std::string& file_name,
                                                  const std::optional<mapping::Mapping>& mapping,
                                                  const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(const Descriptor input, OpenFile(journal_.file(id)));
  REVOPS_TRY_ASSIGN(auto rates, ReadRates(engine_.settings()));
  const ForeignFile file{input, file_name, std::move(rates)};
  REVOPS_TRY_ASSIGN(
      mapping::Inspection inspection,
      mapping ? InspectFile(file, mapping, stop) : InspectUnderRemembered(file, mappings_, stop));
  NoteDisagreement(inspection, mappings_, engine_.settings().definitions.currency);
  const std::scoped_lock lock(mutex_);
  if (stop.stop_requested()) return Fail(ErrorCode::kCancelled, "Another mapping was chosen.");
  REVOPS_TRY(ReplaceFile(journal_.inspection(id), ToJson(inspection)));
  return inspection;
}

void LocalImportDesk::InspectFirst(const std::string& id, const std::stop_token& stop) {
  std::string file_name;
  std::stop_source inspecting;
  {
    const std::scoped_lock lock(mutex_);
    const auto open = FindOpen(id);
    if (!open || (*open)->entry.job.state != ImportState::kInspecting) return;
    file_name = (*open)->entry.job.file_name;
    std::stop_source shared = (*open)->inspecting;
    inspecting.swap(shared);
  }
  const std::stop_callback on_end(stop, [&] { inspecting.request_stop(); });
  const auto inspection = Read(id, file_name, std::nullopt, inspecting.get_token());
  if (stop.stop_requested()) return;  // It is looked at again after the next start.
  {
    const std::scoped_lock lock(mutex_);
    const auto open = FindOpen(id);
    if (!open || (*open)->entry.job.state != ImportState::kInspecting) return;
    api::ImportJob& job = (*open)->entry.job;
    if (inspection) {
      job.state = ImportState::kWaiting;
      job.mapping = inspection->mapping.name;
    } else {
      job.state = ImportState::kFailed;
      job.error = inspection.error();
      job.ended_at = engine_.clock().Now();
      journal_.DropFile(id);
    }
  }
  if (const auto kept = KeepCurrent(id); !kept) LogError("import_not_noted", kept.error());
}

Result<void> LocalImportDesk::TakeFile(ImportEntry& entry, const api::TakeOptions& options,
                                       const std::stop_token& stop) {
  REVOPS_CHECK(entry.mapping.has_value());
  REVOPS_TRY(CheckAgreement(*entry.mapping, mappings_, engine_.settings().definitions.currency));
  REVOPS_TRY_ASSIGN(const Descriptor input, OpenFile(journal_.file(entry.job.id)));
  REVOPS_TRY_ASSIGN(auto rates, ReadRates(engine_.settings()));
  REVOPS_TRY_ASSIGN(const ParsedFile file, ParseFile({input, entry.job.file_name, std::move(rates)},
                                                     *entry.mapping, stop));
  if (file.refused > 0 && !options.skip_refused) {
    return Fail(ErrorCode::kInvalidArgument,
                std::to_string(file.refused) + " rows were refused; nothing was taken.");
  }
  if (file.refused > 0) {
    REVOPS_TRY(ReplaceFile(journal_.refused(entry.job.id), file.refusals.bytes()));
  }
  entry.job.rows = api::ImportJob::Rows{0, file.refused};
  if (options.as_of) return TakeAsHistory(entry, file, stop);
  REVOPS_TRY_ASSIGN(const sales::Schema schema, SchemaOf(*entry.mapping));
  ParsedRows rows(file.rows, schema);
  return change_.Take(entry, {rows, schema, ModeOf(options.mode)}, stop);
}

Instant LocalImportDesk::EndedNow() {
  Instant at = engine_.clock().Now();
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, open] : imports_) {
    const auto& ended_at = open.entry.job.ended_at;
    if (open.entry.is_taken && ended_at)
      at = std::max(at, *ended_at + std::chrono::milliseconds(1));
  }
  return at;
}

ImportEntry LocalImportDesk::End(ImportEntry entry, const Result<void>& result) {
  entry.job.state = result ? ImportState::kDone : ImportState::kFailed;
  entry.job.progress.reset();
  entry.job.ended_at = EndedNow();
  if (!result) {
    entry.job.error = result.error();
    if (entry.is_taken) {
      entry.job.state = ImportState::kDone;
      entry.job.error->message =
          "The rows are in the table, but no snapshot shows them yet: " + entry.job.error->message;
    } else {
      entry.job.rows.reset();
    }
    LogError("import_failed", result.error());
  }
  Leave();
  if (const auto kept = Keep(entry); !kept) LogError("import_not_noted", kept.error());
  journal_.DropFile(entry.job.id);
  return entry;
}

void LocalImportDesk::RunTake(ImportEntry entry, const api::TakeOptions& options,
                              const std::stop_token& stop) {
  const auto result = TakeFile(entry, options, stop);
  // What the end of the process broke off is told apart after the next start.
  if (!result && stop.stop_requested()) return;
  End(std::move(entry), result);
}

ImportEntry LocalImportDesk::EndUndo(ImportEntry entry, const Result<void>& result) {
  entry.job.state = entry.is_taken ? ImportState::kDone : ImportState::kUndone;
  entry.job.ended_at = engine_.clock().Now();
  if (!result) {
    entry.job.error = result.error();
    LogError("undo_failed", result.error());
  }
  Leave();
  if (const auto kept = Keep(entry); !kept) LogError("import_not_noted", kept.error());
  return entry;
}

void LocalImportDesk::RunUndo(ImportEntry entry, const std::stop_token& stop) {
  const auto result = change_.Undo(entry, stop);
  if (!result && stop.stop_requested()) return;
  EndUndo(std::move(entry), result);
}

void LocalImportDesk::RunResume(ImportEntry entry, const std::stop_token& stop) {
  if (entry.job.as_of) {
    End(std::move(entry),
        Fail(ErrorCode::kCancelled,
             "The program ended while the file was taken into history. Hand it over again: what "
             "is there already stays as it is."));
    return;
  }
  const bool was_undoing = entry.job.state == ImportState::kUndoing;
  const auto result = change_.Resume(entry, stop);
  if (!result && stop.stop_requested()) return;
  if (was_undoing) {
    EndUndo(std::move(entry), result);
  } else {
    End(std::move(entry), result);
  }
}

Result<api::ImportJob> LocalImportDesk::TakeRows(const Order& order, const sales::Schema& schema,
                                                 warehouse::SaleSource& source,
                                                 const std::stop_token& stop) {
  REVOPS_TRY(CheckMode(order.mapping, order.options));
  if (order.mapping) {
    REVOPS_TRY(CheckAgreement(*order.mapping, mappings_, engine_.settings().definitions.currency));
  }
  ImportEntry entry;
  entry.job.id = NewId(engine_.random());
  entry.job.file_name = order.file_name;
  entry.job.file_size_bytes = order.file_size_bytes;
  entry.job.requested_by = order.requested_by;
  entry.job.created_at = engine_.clock().Now();
  entry.job.state = ImportState::kImporting;
  entry.job.mode = order.options.mode;
  entry.mapping = order.mapping;
  if (entry.mapping) entry.job.mapping = entry.mapping->name;
  entry.job.rows = api::ImportJob::Rows{0, order.refused};
  {
    std::unique_lock lock(mutex_);
    REVOPS_TRY(OccupyInTurn(lock, entry.job.id, stop));
  }
  auto result = journal_.Make(entry.job.id);
  if (result) result = Keep(entry);
  if (result) result = change_.Take(entry, {source, schema, ModeOf(order.options.mode)}, stop);
  entry = End(std::move(entry), result);
  if (!entry.is_taken && !result) return Fail(result.error());
  return entry.job;
}

Result<api::ImportJob> LocalImportDesk::UndoNewest(const std::stop_token& stop) {
  ImportEntry entry;
  {
    std::unique_lock lock(mutex_);
    REVOPS_TRY(OccupyInTurn(lock, "undo", stop));
    occupied_by_.clear();
    const ImportEntry* const newest = newest_taken();
    if (newest == nullptr) return Fail(ErrorCode::kNotFound, "No import is there to be undone.");
    const api::ImportJob shown = Shown(*newest);
    if (!shown.can_be_undone) {
      return Fail(ErrorCode::kAlreadyExists, shown.not_undone_because.value_or("An import runs."));
    }
    REVOPS_TRY(Occupy(newest->job.id));
    entry = *newest;
  }
  entry.job.state = ImportState::kUndoing;
  auto result = Keep(entry);
  if (result) result = change_.Undo(entry, stop);
  entry = EndUndo(std::move(entry), result);
  if (entry.is_taken && !result) return Fail(result.error());
  return entry.job;
}

}  // namespace revops::app
