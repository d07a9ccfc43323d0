#include "lambdas/common/function_main.h"
#include "lambdas/common/processor_function.h"

namespace revops::lambda {
namespace {

Result<void> Body(const FunctionTools& tools, const Serve& serve) {
  REVOPS_TRY_ASSIGN(const auto store, OpenStore(tools, kNightsPatience));
  REVOPS_TRY_ASSIGN(const auto link, OpenWarehouse(tools));
  ProcessorFunction function(
      {link->warehouse(), *store, tools.clock, tools.random, tools.settings});
  return serve(function);
}

}  // namespace
}  // namespace revops::lambda

int main() {
  return revops::lambda::RunFunction({.store = true, .warehouse = true}, revops::lambda::Body);
}
