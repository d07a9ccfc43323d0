#pragma once

#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/sign_in.h"
#include "core/warehouse/snowflake/snowflake_warehouse.h"
#include "lambdas/common/settings.h"

namespace revops::lambda {

/// A function's way to Snowflake: credentials, client and warehouse.
class SnowflakeLink {
 public:
  /// The references outlive the link.
  struct Parts {
    net::HttpTransport& transport;
    const Clock& clock;
    Random& random;
    warehouse::SnowflakeSignIn sign_in;
  };

  /// Reads the secret, if there is one; sends nothing to Snowflake yet.
  /// Errors: kInvalidArgument for settings or a secret that cannot be used; the secret store's.
  static Result<std::unique_ptr<SnowflakeLink>> Open(const FunctionSettings& settings, Parts parts);

  warehouse::Warehouse& warehouse() { return *warehouse_; }

 private:
  SnowflakeLink() = default;

  net::SystemPause pause_;
  std::unique_ptr<warehouse::Credentials> credentials_;
  std::unique_ptr<warehouse::SnowflakeClient> client_;
  std::unique_ptr<warehouse::SnowflakeWarehouse> warehouse_;
};

}  // namespace revops::lambda
