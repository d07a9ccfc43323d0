#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/sales/definitions.h"
#include "core/warehouse/duckdb/engine.h"
#include "core/warehouse/duckdb/type_map.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// FCT_SALES of the embedded database: a read is one transaction, a live question one statement.
class DuckDbWarehouse final : public Warehouse {
 public:
  /// `engine` and `clock` outlive it.
  DuckDbWarehouse(Engine& engine, const sales::Definitions& definitions, const Clock& clock);

  Result<std::unique_ptr<WarehouseRead>> BeginRead(std::stop_token stop) override;
  Result<RecentSales> ReadRecentSales(const LiveQuery& query) override;
  Result<WarehouseReport> Examine() override;

 private:
  /// The table as it is now, looked up again only after a write.
  Result<std::shared_ptr<const SalesTable>> FindTable(Session& session);

  Engine& engine_;
  sales::Definitions definitions_;
  const Clock& clock_;
  std::mutex found_mutex_;
  std::shared_ptr<const SalesTable> found_;
  std::optional<std::string> found_at_;  ///< content token at which `found_` was true
};

}  // namespace revops::warehouse
