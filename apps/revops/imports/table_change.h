#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "apps/revops/imports/import_journal.h"
#include "apps/revops/imports/mapping_folder.h"
#include "core/base/result.h"
#include "core/processor/refresh.h"
#include "core/sales/schema.h"
#include "core/warehouse/duckdb/duckdb_database.h"

namespace revops::app {

class Engine;

/// Changes the sales table by an import and back, so that a process that dies at any point leaves
/// either the table as it was or the import in it, and an entry from which Resume tells which.
///
///   take: snapshot of the table as it is → entry → mapping's file → rows, in one transaction
///         → snapshot
///   undo: entry → rows of the snapshot before, in one transaction → mapping's file → snapshot
class TableChange {
 public:
  /// Keeps an entry and tells those who follow it.
  using Keep = std::function<Result<void>(const ImportEntry&)>;

  TableChange(Engine& engine, MappingFolder mappings, Keep keep)
      : engine_(engine), mappings_(std::move(mappings)), keep_(std::move(keep)) {}

  struct Rows {
    warehouse::SaleSource& source;
    const sales::Schema& schema;
    warehouse::ImportMode mode = warehouse::ImportMode::kAppend;
  };
  /// Errors: then the table is as it was, unless entry.is_taken: the rows are in, only their
  ///         snapshot could not be made.
  Result<void> Take(ImportEntry& entry, const Rows& rows, const std::stop_token& stop);

  /// Errors: kAlreadyExists when the table is not as the import left it; then nothing changed. When
  ///         entry.is_taken is false afterwards, only the snapshot could not be made.
  Result<void> Undo(ImportEntry& entry, const std::stop_token& stop);

  /// What became of an entry that was importing, publishing or undoing when the process ended.
  Result<void> Resume(ImportEntry& entry, const std::stop_token& stop);

 private:
  Result<processor::RefreshReport> Publish(const ImportEntry& entry, const std::stop_token& stop);
  Result<void> NoteStateBefore(ImportEntry& entry, const std::stop_token& stop);
  Result<void> SaveMapping(ImportEntry& entry);
  Result<void> PutMappingBack(const ImportEntry& entry);
  Result<void> Show(ImportEntry& entry, const std::stop_token& stop);
  Result<void> ShowUndone(ImportEntry& entry, const std::stop_token& stop);

  Engine& engine_;
  MappingFolder mappings_;
  Keep keep_;
};

}  // namespace revops::app
