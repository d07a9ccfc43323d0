#pragma once

#include <memory>
#include <string>

#include "core/api/refresh_control.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/aws/lambda/runtime.h"
#include "core/store/object_store.h"
#include "core/warehouse/warehouse.h"
#include "lambdas/common/settings.h"

namespace revops::lambda {

/// Answers events of gateways as `revops serve` answers requests: the same api::Service, hence the
/// same bytes.
///
/// Each call looks at the pointer first. While the store cannot be read, the snapshot that was
/// served last goes on being served; its two clocks say how old it is.
///
/// Any other event, such as the `{}` of `aws lambda invoke`, counts as a GET of the function's own
/// path.
class ApiFunction final : public net::LambdaHandler {
 public:
  /// The references and pointers outlive it. What is nullptr is not served: questions for it are
  /// answered with an error.
  struct Parts {
    store::ObjectStore* store = nullptr;
    warehouse::Warehouse* warehouse = nullptr;
    api::RefreshControl* refresh = nullptr;
    const Clock& clock;
    Random& random;
    const FunctionSettings& settings;
    std::string own_path;  ///< "/api/summary"
  };

  explicit ApiFunction(Parts parts);
  ~ApiFunction() override;

  /// Opens the current snapshot, so that the first call finds it open. Without one, or without
  /// store, the calls say so.
  void Prepare();

  Result<std::string> Handle(const net::LambdaInvocation& invocation) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::lambda
