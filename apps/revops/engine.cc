#include "apps/revops/engine.h"

#include <sys/prctl.h>

#include <utility>

#include "apps/revops/imports/local_import_desk.h"
#include "apps/revops/imports/mapping_folder.h"
#include "apps/revops/s3_connection.h"
#include "apps/revops/version.h"
#include "core/base/logging.h"

namespace revops::app {
namespace {

std::filesystem::path LogOf(std::filesystem::path warehouse) { return warehouse += ".wal"; }

void RemoveWarehouse(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  std::filesystem::remove(LogOf(file), ignored);
}

Result<void> FillNewFile(const warehouse::DuckDbConfig& config,
                         const std::function<Result<void>(warehouse::DuckDbDatabase&)>& fill) {
  REVOPS_TRY_ASSIGN(const auto database, warehouse::DuckDbDatabase::Open(config));
  return fill(*database);
}

/// There is a file named `current` at every moment.
Result<void> Swap(const std::filesystem::path& fresh, const std::filesystem::path& current,
                  const std::filesystem::path& kept) {
  std::error_code error;
  if (std::filesystem::exists(LogOf(fresh))) {
    return Fail(ErrorCode::kResourceExhausted,
                "the new warehouse file could not be completed: is there room on the disk?");
  }
  std::filesystem::create_hard_link(current, kept, error);
  if (!error && std::filesystem::exists(LogOf(current))) {
    std::filesystem::create_hard_link(LogOf(current), LogOf(kept), error);
  }
  if (!error) std::filesystem::rename(fresh, current, error);
  if (!error) std::filesystem::remove(LogOf(current), error);
  if (!error) return {};
  return Fail(ErrorCode::kUnavailable,
              "cannot put the damaged warehouse file aside: " + error.message());
}

}  // namespace

EmbeddedWarehouse::EmbeddedWarehouse(const DataFolder& folder, const Settings& settings,
                                     const Clock& clock)
    : folder_(folder), definitions_(settings.definitions), clock_(clock) {}

warehouse::DuckDbConfig EmbeddedWarehouse::ConfigFor(std::filesystem::path file) const {
  warehouse::DuckDbConfig config;
  config.file = std::move(file);
  config.time_zone = definitions_.zone;
  return config;
}

Result<warehouse::DuckDbDatabase*> EmbeddedWarehouse::database() {
  const std::scoped_lock lock(mutex_);
  if (!database_) {
    REVOPS_TRY_ASSIGN(database_,
                      warehouse::DuckDbDatabase::Open(ConfigFor(folder_.warehouse_file())));
    warehouse_ = database_->AsWarehouse(definitions_, clock_);
  }
  return database_.get();
}

Result<warehouse::Warehouse*> EmbeddedWarehouse::opened() {
  REVOPS_TRY(database());
  return warehouse_.get();
}

Result<std::unique_ptr<warehouse::WarehouseRead>> EmbeddedWarehouse::BeginRead(
    std::stop_token stop) {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->BeginRead(std::move(stop));
}

Result<warehouse::RecentSales> EmbeddedWarehouse::ReadRecentSales(
    const warehouse::LiveQuery& query) {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->ReadRecentSales(query);
}

Result<warehouse::WarehouseReport> EmbeddedWarehouse::Examine() {
  REVOPS_TRY_ASSIGN(warehouse::Warehouse * warehouse, opened());
  return warehouse->Examine();
}

void EmbeddedWarehouse::Redefine(const sales::Definitions& definitions) {
  const std::scoped_lock lock(mutex_);
  if (definitions == definitions_) return;
  definitions_ = definitions;
  if (!database_) return;
  earlier_.push_back(std::move(warehouse_));
  warehouse_ = database_->AsWarehouse(definitions_, clock_);
}

Result<std::string> EmbeddedWarehouse::ReplaceDamagedFile(
    Instant now, const std::function<Result<void>(warehouse::DuckDbDatabase&)>& fill) {
  const auto state = database();
  if (state) return Fail(ErrorCode::kAlreadyExists, "the warehouse file is not damaged");
  if (state.error().code != ErrorCode::kCorrupt) return Fail(state.error());
  const std::filesystem::path fresh = folder_.path / "warehouse.restoring.duckdb";
  RemoveWarehouse(fresh);
  auto filled = FillNewFile(ConfigFor(fresh), fill);
  const std::string name = "warehouse.damaged-" + ToCompact(now) + ".duckdb";
  if (filled) {
    const std::scoped_lock lock(mutex_);
    filled = Swap(fresh, folder_.warehouse_file(), folder_.path / name);
  }
  RemoveWarehouse(fresh);
  if (!filled) return Fail(std::move(filled).error());
  return name;
}

Engine::Engine(const DataFolder& folder, Opened opened, Settings settings, const Clock& clock,
               Random& random)
    : folder_(folder),
      opened_(std::move(opened)),
      settings_(std::move(settings)),
      clock_(clock),
      random_(random),
      embedded_(folder_, settings_, clock_),
      receipt_(settings_.snowflake
                   ? std::make_unique<KeptReceipt>(std::move(opened_.receipt_store), clock_, pause_)
                   : nullptr),
      snowflake_(settings_.snowflake
                     ? std::make_unique<SnowflakeConnection>(
                           *settings_.snowflake, settings_.definitions,
                           SnowflakeConnection::Parts{clock_, random_, receipt_.get()})
                     : nullptr),
      refresh_(RefreshRunner::Parts{
          warehouse(), *opened_.store, clock_, random_,
          processor::RefreshConfig{settings_.definitions,
                                   settings_.zone,
                                   {snowflake_ ? "snowflake" : "duckdb", "FCT_SALES"},
                                   ProgramVersion(),
                                   settings_.snapshot_rows_max,
                                   settings_.label},
          receipt_.get()}),
      imports_(snowflake_ ? nullptr : std::make_unique<LocalImportDesk>(*this)) {
  refresh_.set_preparation([this] {
    if (const auto redefined = Redefine(); !redefined) {
      LogError("mapping_not_applied", redefined.error());
    }
  });
}

Engine::~Engine() {
  if (imports_) imports_->Stop();
  refresh_.Stop();
}

Result<LocalImportDesk*> Engine::imports() {
  if (imports_) return imports_.get();
  return Fail(database().error());
}

Result<void> Engine::Redefine() {
  if (snowflake_) return {};
  const MappingFolder::Contents contents = MappingFolder(folder_.mappings_folder()).Read();
  REVOPS_TRY_ASSIGN(const sales::Definitions definitions,
                    mapping::Apply(settings_.definitions, contents.mappings));
  embedded_.Redefine(definitions);
  refresh_.set_definitions(definitions);
  if (contents.errors.empty()) return {};
  return Fail(contents.errors[0]);
}

warehouse::Warehouse& Engine::warehouse() {
  if (snowflake_) return *snowflake_;
  return embedded_;
}

Result<warehouse::DuckDbDatabase*> Engine::database() {
  if (!settings_.snowflake) return embedded_.database();
  return Fail(ErrorCode::kUnsupported,
              "this deployment reads its sales from Snowflake (" + settings_.snowflake->account +
                  "): change them there, or unset SNOWFLAKE_URL and snowflake.account to use the "
                  "embedded warehouse");
}

Result<std::unique_ptr<Engine>> Engine::Open(const DataFolder& folder, Settings settings,
                                             const Clock& clock, Random& random) {
  REVOPS_TRY(folder.Prepare());
  // A process that holds keys leaves none of them in a core dump.
  if (settings.snowflake || settings.s3) ::prctl(PR_SET_DUMPABLE, 0);
  Opened opened;
  REVOPS_TRY_ASSIGN(opened.lock, FolderLock::Take(folder));
  opened.disk = std::make_unique<store::PosixDisk>();
  if (settings.s3) {
    REVOPS_TRY_ASSIGN(opened.store, S3Connection::Open(*settings.s3, random));
  } else {
    REVOPS_TRY_ASSIGN(opened.store,
                      store::LocalObjectStore::Open({folder.store_folder()}, *opened.disk, clock));
  }
  if (settings.snowflake) {
    auto kept = store::LocalObjectStore::Open({folder.receipt_folder()}, *opened.disk, clock);
    if (!kept) LogError("receipt_not_kept", kept.error());
    if (kept) opened.receipt_store = *std::move(kept);
  }
  return std::unique_ptr<Engine>(
      new Engine(folder, std::move(opened), std::move(settings), clock, random));
}

std::string Engine::store_name() const {
  if (!settings_.s3) return folder_.store_folder().string();
  return "s3://" + settings_.s3->place.bucket + "/" + settings_.s3->place.prefix;
}

std::string ProgramVersion() { return kProgramVersion; }

}  // namespace revops::app
