#include "lambdas/common/api_function.h"
#include "lambdas/common/function_main.h"

namespace revops::lambda {
namespace {

Result<void> Body(const FunctionTools& tools, const Serve& serve) {
  REVOPS_TRY_ASSIGN(const auto link, OpenWarehouse(tools));
  ApiFunction function({.warehouse = &link->warehouse(),
                        .clock = tools.clock,
                        .random = tools.random,
                        .settings = tools.settings,
                        .own_path = "/api/sales/last-month"});
  return serve(function);
}

}  // namespace
}  // namespace revops::lambda

int main() { return revops::lambda::RunFunction({.warehouse = true}, revops::lambda::Body); }
