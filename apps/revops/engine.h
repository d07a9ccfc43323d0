#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/revops/data_folder.h"
#include "apps/revops/kept_receipt.h"
#include "apps/revops/refresh_runner.h"
#include "apps/revops/settings.h"
#include "apps/revops/snowflake_connection.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/pause.h"
#include "core/store/local/disk.h"
#include "core/store/local/local_store.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/warehouse.h"

namespace revops::app {

class LocalImportDesk;

/// The embedded warehouse behind the port: answers with the reason while the file cannot be opened,
/// so that everything that does not need it goes on.
class EmbeddedWarehouse final : public warehouse::Warehouse {
 public:
  EmbeddedWarehouse(const DataFolder& folder, const Settings& settings, const Clock& clock);

  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token stop) override;
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery& query) override;
  Result<warehouse::WarehouseReport> Examine() override;

  /// The database; tries to open it again when that failed before. Lives as long as this object.
  /// Errors: why it cannot be opened.
  Result<warehouse::DuckDbDatabase*> database();

  /// What statuses mean from now on; reads that have begun keep to the earlier ones.
  void Redefine(const sales::Definitions& definitions);

  /// Puts a new file, which `fill` has filled, in the place of a damaged one, and keeps that under
  /// the name that is returned. Until the new one is complete, nothing changes.
  /// Errors: kAlreadyExists when the file is not damaged; those of `fill`.
  Result<std::string> ReplaceDamagedFile(
      Instant now, const std::function<Result<void>(warehouse::DuckDbDatabase&)>& fill);

 private:
  Result<warehouse::Warehouse*> opened();
  warehouse::DuckDbConfig ConfigFor(std::filesystem::path file) const;

  DataFolder folder_;
  sales::Definitions definitions_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<warehouse::DuckDbDatabase> database_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  /// Those under earlier definitions, which somebody may be asking.
  std::vector<std::unique_ptr<warehouse::Warehouse>> earlier_;
};

/// One deployment on one machine: the lock, the warehouse, the store and the nightly job.
class Engine {
 public:
  ~Engine();
  /// Errors: kAlreadyExists when another process has the folder, kUnsupported when a newer version
  ///         wrote it; the store's.
  static Result<std::unique_ptr<Engine>> Open(const DataFolder& folder, Settings settings,
                                              const Clock& clock, Random& random);

  const DataFolder& folder() const { return folder_; }
  const Settings& settings() const { return settings_; }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  /// The configured one.
  warehouse::Warehouse& warehouse();
  EmbeddedWarehouse& embedded() { return embedded_; }
  /// nullptr with the embedded warehouse.
  SnowflakeConnection* snowflake() { return snowflake_.get(); }
  /// nullptr where statements cost nothing.
  KeptReceipt* receipt() { return receipt_.get(); }
  /// The embedded database. Errors: kUnsupported when another warehouse is configured; why it
  /// cannot be opened.
  Result<warehouse::DuckDbDatabase*> database();
  store::ObjectStore& store() { return *opened_.store; }
  /// For messages: "s3://bucket/prefix", or the folder's path.
  std::string store_name() const;
  RefreshRunner& refresh() { return refresh_; }
  /// Imports and mappings. Errors: kUnsupported when another warehouse is configured.
  Result<LocalImportDesk*> imports();
  /// Reads the mappings again: the definitions in force are the configured ones with what these
  /// say. Done before every refresh. Errors: kInvalidArgument when mappings contradict each other
  /// or one cannot be read; then what could be read is in force, or what was.
  Result<void> Redefine();

  /// Held by whoever puts snapshots of earlier days into history.
  std::mutex& history_mutex() { return history_mutex_; }
  /// Told when history has got snapshots that no refresh made. Set before commands are taken.
  void set_history_listener(std::function<void()> listener) { on_history_ = std::move(listener); }
  void TellOfHistory() const { on_history_(); }

 private:
  struct Opened {
    std::unique_ptr<FolderLock> lock;
    std::unique_ptr<store::Disk> disk;
    std::unique_ptr<store::ObjectStore> store;
    std::unique_ptr<store::ObjectStore> receipt_store;
  };
  Engine(const DataFolder& folder, Opened opened, Settings settings, const Clock& clock,
         Random& random);

  DataFolder folder_;
  Opened opened_;
  Settings settings_;
  const Clock& clock_;
  Random& random_;
  EmbeddedWarehouse embedded_;
  net::SystemPause pause_;
  std::unique_ptr<KeptReceipt> receipt_;
  std::unique_ptr<SnowflakeConnection> snowflake_;
  RefreshRunner refresh_;
  std::unique_ptr<LocalImportDesk> imports_;
  std::mutex history_mutex_;
  std::function<void()> on_history_ = [] {};
};

/// "0.1.0".
std::string ProgramVersion();

}  // namespace revops::app
