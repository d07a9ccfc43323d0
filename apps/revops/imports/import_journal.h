#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/import_desk.h"
#include "core/base/result.h"
#include "core/mapping/mapping.h"

namespace revops::app {

/// An import and what it takes to go on with it, or back, after the end of the process.
struct ImportEntry {
  api::ImportJob job;
  /// What it is read under; nullopt until it has been inspected.
  std::optional<mapping::Mapping> mapping;
  bool is_taken = false;  ///< its rows are in the table, unless it was undone
  /// The snapshot of the table as it was before; empty: there is none.
  std::string snapshot_before;
  std::string content_before;  ///< that one's content hash
  std::string content_after;   ///< that of the snapshot that shows the import
  bool has_saved_mapping = false;
  std::optional<std::string> mapping_file_before;  ///< nullopt: there was no such file
};

/// Imports in a folder of the data folder.
///
///   <id>/job.json         the entry
///   <id>/file             what was handed over, until the import has ended
///   <id>/inspection.json  what was found in it last
///   <id>/refused.csv      the rows that were not taken
class ImportJournal {
 public:
  explicit ImportJournal(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path file(std::string_view id) const { return folder_ / id / "file"; }
  std::filesystem::path inspection(std::string_view id) const {
    return folder_ / id / "inspection.json";
  }
  std::filesystem::path refused(std::string_view id) const { return folder_ / id / "refused.csv"; }

  /// Makes the folder of an import.
  Result<void> Make(std::string_view id) const;
  Result<void> Save(const ImportEntry& entry) const;
  /// Newest first. Folders without a readable entry are what an upload left that broke off with the
  /// process: they are removed.
  std::vector<ImportEntry> Load() const;
  /// The file and the inspection; the entry and the refused rows stay.
  void DropFile(std::string_view id) const;
  void Remove(std::string_view id) const;

 private:
  std::filesystem::path folder_;
};

/// One JSON object.
std::string Encode(const ImportEntry& entry);
/// Errors: kCorrupt.
Result<ImportEntry> ParseImportEntry(std::string_view text);

}  // namespace revops::app
