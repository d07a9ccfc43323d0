#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/aws/lambda/runtime.h"
#include "core/store/object_store.h"
#include "core/warehouse/warehouse.h"
#include "lambdas/common/settings.h"

namespace revops::lambda {

/// Runs the nightly job once a call and returns its report, the JSON that `revops process` prints.
///
/// Events: `{"job": "<id>"}` runs a job that stands in the store (POST /api/refresh); a cancelled
/// or
///         ended one is not run: `{"outcome":"cancelled"}`, also `"failed"`, `"succeeded"`.
///         What a scheduler sends (`source` "aws.scheduler" or "aws.events") serves the instant of
///         its `time`, else the newest scheduled one. Anything else, `{}` included, is a run by
///         hand.
///
/// It stops itself before the function's time is over: the pointer is whole either way, but so the
/// job says why it ended.
class ProcessorFunction final : public net::LambdaHandler {
 public:
  /// The references outlive it.
  struct Parts {
    warehouse::Warehouse& warehouse;
    store::ObjectStore& store;
    const Clock& clock;
    Random& random;
    const FunctionSettings& settings;
  };

  explicit ProcessorFunction(Parts parts) : parts_(parts) {}

  Result<std::string> Handle(const net::LambdaInvocation& invocation) override;

 private:
  const Parts parts_;
};

}  // namespace revops::lambda
