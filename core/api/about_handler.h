#pragma once

#include <memory>
#include <mutex>

#include "core/api/deployment.h"
#include "core/api/exchange.h"
#include "core/api/prepared_answer.h"
#include "core/api/swapped.h"
#include "core/sales/definitions.h"

namespace revops::api {

/// What the figures mean and how the program is: /api/metrics, /api/receipt, /api/openapi.json,
/// /healthz, /readyz.
class AboutHandler {
 public:
  /// `definitions` hold until the first snapshot brings its own.
  AboutHandler(const Deployment& deployment, const DeploymentStatus& status,
               const sales::Definitions& definitions);

  Outcome Metrics(const Exchange& exchange) const;
  Outcome Receipt(const Exchange& exchange) const;
  Outcome OpenApi(const Exchange& exchange) const;
  Outcome Health(const Exchange& exchange) const;
  Outcome Readiness(const Exchange& exchange) const;

  /// What OpenApi answers; prepared when it is asked for first. nullptr: not yet, and it may not
  /// block.
  std::shared_ptr<const PreparedAnswer> openapi(bool may_block) const;

 private:
  const Deployment& deployment_;
  const DeploymentStatus& status_;
  const sales::Definitions& definitions_;
  mutable std::mutex preparing_;
  mutable Swapped<PreparedAnswer> openapi_;
};

}  // namespace revops::api
