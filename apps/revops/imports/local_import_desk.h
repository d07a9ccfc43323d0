#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "apps/revops/imports/import_journal.h"
#include "apps/revops/imports/mapping_folder.h"
#include "apps/revops/imports/table_change.h"
#include "apps/revops/imports/task_thread.h"
#include "core/api/import_desk.h"

namespace revops::app {

class Engine;
struct ParsedFile;

/// Imports on the machine that has the embedded warehouse: files and their entries in DATA/imports,
/// parsed by jailed workers, taken one at a time. Thread-safe.
///
/// At most 20 files wait, for 7 days; entries of ended imports are kept for 90 days.
class LocalImportDesk final : public api::ImportDesk {
 public:
  using Listener = std::function<void(const api::ImportJob&)>;

  explicit LocalImportDesk(Engine& engine);
  ~LocalImportDesk() override;

  /// Told of every step of an import. Set before Start.
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  /// Goes on with what the end of an earlier process left; a second call does nothing.
  void Start();
  /// Stops what runs and takes nothing new.
  void Stop();

  std::unique_ptr<HttpUpload> BeginUpload() override;
  Result<api::ImportJob> Accept(HttpUpload& upload, const std::string& file_name) override;
  std::vector<api::ImportJob> List() override;
  Result<api::ImportJob> Find(std::string_view id) override;
  Result<mapping::Inspection> Inspect(std::string_view id,
                                      const std::optional<mapping::Mapping>& mapping) override;
  Result<std::string> RefusedRows(std::string_view id) override;
  Result<api::ImportJob> Take(std::string_view id, const api::TakeOptions& options) override;
  Result<api::ImportJob> Undo(std::string_view id) override;
  Result<api::ImportJob> Discard(std::string_view id) override;
  Result<std::vector<mapping::Mapping>> Mappings() override;
  Result<snapshot::RefreshJob> SaveMeaning(const mapping::Mapping& meaning) override;

  /// Accept on behalf of "person", "command" or "watch".
  Result<api::ImportJob> AcceptFor(HttpUpload& upload, const std::string& file_name,
                                   const std::string& requested_by);

  struct Order {
    std::string file_name;  ///< for people
    std::uint64_t file_size_bytes = 0;
    std::string requested_by;
    std::optional<mapping::Mapping> mapping;  ///< to be remembered
    api::TakeOptions options;
    std::uint64_t refused = 0;  ///< rows that were left out already
  };
  /// Takes rows that were parsed elsewhere, after the import that may be under way; returns when
  /// they are taken and published. An error of the result's job says that the rows are in, but not
  /// published. Errors: nothing was taken.
  Result<api::ImportJob> TakeRows(const Order& order, const sales::Schema& schema,
                                  warehouse::SaleSource& source, const std::stop_token& stop);
  /// Undoes the newest import; returns when the table is as before.
  Result<api::ImportJob> UndoNewest(const std::stop_token& stop);

 private:
  struct Open {
    ImportEntry entry;
    std::stop_source inspecting;  ///< of the newest inspection
  };

  /// Rows without ids would come on top once more.
  static Result<void> CheckMode(const std::optional<mapping::Mapping>& mapping,
                                const api::TakeOptions& options);

  // Under mutex_.
  Result<Open*> FindOpen(std::string_view id);
  api::ImportJob Shown(const ImportEntry& entry) const;
  /// The newest import that is in the table; nullptr: there is none.
  const ImportEntry* newest_taken() const;
  Result<void> Occupy(std::string_view id);

  /// Waits for its turn.
  Result<void> OccupyInTurn(std::unique_lock<std::mutex>& lock, std::string_view id,
                            const std::stop_token& stop);
  void Leave();

  /// Keeps an entry as it stands and tells those who follow it.
  Result<void> KeepCurrent(std::string_view id);
  /// The same with the state that an import under way has reached: nobody else changes it then.
  Result<void> Keep(const ImportEntry& entry);
  void InspectFirst(const std::string& id, const std::stop_token& stop);
  Result<mapping::Inspection> Read(const std::string& id, const std::string& file_name,
                                   const std::optional<mapping::Mapping>& mapping,
                                   const std::stop_token& stop);
  void RunTake(ImportEntry entry, const api::TakeOptions& options, const std::stop_token& stop);
  Result<void> TakeFile(ImportEntry& entry, const api::TakeOptions& options,
                        const std::stop_token& stop);
  Result<void> TakeAsHistory(ImportEntry& entry, const ParsedFile& file,
                             const std::stop_token& stop);
  void RunUndo(ImportEntry entry, const std::stop_token& stop);
  void RunResume(ImportEntry entry, const std::stop_token& stop);
  /// Later than that of every import in the table, also when the clock has been set back: the one
  /// that ended last is the one to be undone.
  Instant EndedNow();
  ImportEntry End(ImportEntry entry, const Result<void>& result);
  ImportEntry EndUndo(ImportEntry entry, const Result<void>& result);
  void Tidy();

  Engine& engine_;
  ImportJournal journal_;
  MappingFolder mappings_;
  TableChange change_;
  Listener listener_ = [](const api::ImportJob&) {};
  std::mutex keeping_;  ///< while an entry is written; taken before mutex_
  std::mutex mutex_;
  std::condition_variable_any left_;
  bool is_started_ = false;
  std::map<std::string, Open, std::less<>> imports_;
  std::string occupied_by_;  ///< the import that changes the table now; empty: none
  TaskThread inspector_;
  TaskThread taker_;
};

}  // namespace revops::app
