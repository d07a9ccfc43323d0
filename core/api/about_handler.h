#pragma once

#include <memory>

#include "core/api/deployment.h"
#include "core/api/exchange.h"
#include "core/api/prepared_answer.h"
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

  /// What OpenApi answers.
  const std::shared_ptr<const PreparedAnswer>& openapi() const { return openapi_; }

 private:
  const Deployment& deployment_;
  const DeploymentStatus& status_;
  const sales::Definitions& definitions_;
  std::shared_ptr<const PreparedAnswer> openapi_;
};

}  // namespace revops::api
