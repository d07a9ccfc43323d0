#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/dialect.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// FCT_SALES in Snowflake, read over the SQL API: aggregation and change detection are pushed down.
///
/// A read sees the table as it was at one instant of the server (`AT(TIMESTAMP => …)`). Where the
/// table keeps no history, each of its statements must find the change token that the read began
/// with, else it ends with kUnavailable.
class SnowflakeWarehouse final : public Warehouse {
 public:
  /// `client` and `clock` outlive the warehouse.
  SnowflakeWarehouse(SnowflakeClient& client, sales::Definitions definitions, const Clock& clock);

  /// Costs three statements that read no rows: columns, change token, time.
  Result<std::unique_ptr<WarehouseRead>> BeginRead(std::stop_token stop) override;
  /// One statement; the first also asks for the columns.
  Result<RecentSales> ReadRecentSales(const LiveQuery& query) override;
  Result<WarehouseReport> Examine() override;

 private:
  Result<std::shared_ptr<const SnowflakeTable>> Describe(const StatementBounds& bounds);
  Result<std::shared_ptr<const SnowflakeTable>> KnownTable(const StatementBounds& bounds);
  void Forget(const std::shared_ptr<const SnowflakeTable>& table);
  StatementBounds BoundsOf(const std::stop_token& stop) const;

  SnowflakeClient& client_;
  const sales::Definitions definitions_;
  const Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const SnowflakeTable> table_;
};

}  // namespace revops::warehouse
