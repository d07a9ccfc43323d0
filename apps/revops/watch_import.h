#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "apps/revops/watched_folder.h"
#include "core/api/import_desk.h"
#include "core/base/result.h"

namespace revops::app {

class Engine;

/// Imports files of a watched folder as a person would on the page who asks nothing: under the
/// remembered mapping or a guess without questions, and only if no row is refused.
class WatchImport {
 public:
  /// Makes an import of an upload, on behalf of the folder.
  using Accept =
      std::function<Result<api::ImportJob>(HttpUpload& upload, const std::string& file_name)>;

  /// `mode`: "upsert" (a file without ids replaces if its mapping is remembered), "replace". What
  /// folders handed over before `started_at` was broken off when it comes again.
  WatchImport(api::ImportDesk& desk, Accept accept, std::string mode, Instant started_at)
      : desk_(desk), accept_(std::move(accept)), mode_(std::move(mode)), started_at_(started_at) {}

  /// Returns when the file is in the table and its snapshot is published. What cannot be taken
  /// without a person waits on the Data page.
  /// Errors: why nothing was taken; kUnavailable and the like: it may be tried again.
  Result<void> Take(const std::filesystem::path& file, const std::stop_token& stop);

 private:
  void DiscardBrokenOff(const std::filesystem::path& file);
  Result<api::ImportJob> HandOver(const std::filesystem::path& file);
  bool is_remembered(const mapping::Mapping& mapping);
  Result<api::ImportJob> WaitWhile(const std::string& id, bool (*is_so)(api::ImportState),
                                   const std::stop_token& stop);

  api::ImportDesk& desk_;
  Accept accept_;
  std::string mode_;
  Instant started_at_;
};

/// The folder of the key import.watch.
std::filesystem::path WatchedFolderOf(const Engine& engine);

/// A folder whose files go to the desk of the engine, which must outlive it. `report`: see
/// WatchedFolder::Parts. Errors: kUnsupported where there is no embedded warehouse.
Result<std::unique_ptr<WatchedFolder>> MakeWatchedFolder(
    Engine& engine, const std::filesystem::path& folder,
    std::function<void(const std::string& line)> report);

}  // namespace revops::app
