#include "core/warehouse/duckdb/duckdb_database.h"

#include <utility>

#include "core/warehouse/duckdb/backup.h"
#include "core/warehouse/duckdb/duckdb_warehouse.h"
#include "core/warehouse/duckdb/engine.h"
#include "core/warehouse/duckdb/fct_sales_sql.h"
#include "core/warehouse/duckdb/import.h"
#include "core/warehouse/duckdb/statement.h"

namespace revops::warehouse {

struct DuckDbDatabase::Impl {
  std::unique_ptr<Engine> engine;
};

DuckDbDatabase::DuckDbDatabase(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

DuckDbDatabase::~DuckDbDatabase() = default;

Result<std::unique_ptr<DuckDbDatabase>> DuckDbDatabase::Open(const DuckDbConfig& config) {
  auto impl = std::make_unique<Impl>();
  REVOPS_TRY_ASSIGN(impl->engine, Engine::Open(config));
  return std::unique_ptr<DuckDbDatabase>(new DuckDbDatabase(std::move(impl)));
}

Result<void> DuckDbDatabase::CreateSalesTable() {
  REVOPS_TRY_ASSIGN(const auto session, impl_->engine->Connect({}));
  if (session->Prepare("SELECT * FROM FCT_SALES")) return {};
  REVOPS_TRY_ASSIGN(const auto lock, impl_->engine->LockForWriting({}));
  return session->Run(kFctSalesSql);
}

Result<SqlTable> DuckDbDatabase::Execute(std::string_view statement, std::uint64_t rows_max,
                                         Clock::SteadyTime deadline, std::stop_token stop) {
  auto table = ExecuteStatement(*impl_->engine, statement, rows_max, {deadline, std::move(stop)});
  impl_->engine->RenewFileLock();
  return table;
}

Result<std::uint64_t> DuckDbDatabase::Import(SaleSource& source, const sales::Schema& schema,
                                             ImportMode mode, std::stop_token stop) {
  return ImportSales(*impl_->engine, source, schema, mode, std::move(stop));
}

Result<void> DuckDbDatabase::CopyTo(const std::filesystem::path& file) {
  return CopyDatabase(*impl_->engine, file);
}

std::unique_ptr<Warehouse> DuckDbDatabase::AsWarehouse(const sales::Definitions& definitions,
                                                       const Clock& clock) {
  return std::make_unique<DuckDbWarehouse>(*impl_->engine, definitions, clock);
}

std::string DuckDbVersion() {
  const std::string version = duckdb_library_version();
  return version.starts_with('v') ? version.substr(1) : version;
}

}  // namespace revops::warehouse
