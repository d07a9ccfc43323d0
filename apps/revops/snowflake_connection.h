#pragma once

#include <memory>
#include <mutex>

#include "apps/revops/aws_access.h"
#include "apps/revops/settings.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/warehouse/costs.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/snowflake_warehouse.h"
#include "core/warehouse/warehouse.h"

namespace revops::app {

/// The configured Snowflake account behind the port: answers with the reason while its settings do
/// not do, so that everything that does not need it goes on.
class SnowflakeConnection final : public warehouse::Warehouse {
 public:
  /// They outlive it.
  struct Parts {
    const Clock& clock;
    Random& random;
    warehouse::CostRecorder* costs = nullptr;  ///< nullptr: nobody counts
  };

  SnowflakeConnection(SnowflakeSettings settings, sales::Definitions definitions, Parts parts);

  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token stop) override;
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery& query) override;
  Result<warehouse::WarehouseReport> Examine() override;

  /// For statements of one's own. Errors: why it cannot be had.
  Result<warehouse::SnowflakeClient*> client();

 private:
  Result<void> Open();
  Result<warehouse::SnowflakeSignIn> SignIn();
  Result<warehouse::Warehouse*> opened();

  const SnowflakeSettings settings_;
  const sales::Definitions definitions_;
  const Parts parts_;
  net::SystemPause pause_;
  std::mutex mutex_;
  std::unique_ptr<AwsAccess> aws_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<warehouse::Credentials> credentials_;
  std::unique_ptr<warehouse::SnowflakeClient> client_;
  std::unique_ptr<warehouse::SnowflakeWarehouse> warehouse_;
};

}  // namespace revops::app
