#include "lambdas/common/api_function.h"
#include "lambdas/common/function_main.h"
#include "lambdas/common/stored_refresh.h"

namespace revops::lambda {
namespace {

Result<void> Body(const FunctionTools& tools, const Serve& serve) {
  REVOPS_TRY_ASSIGN(const auto store, OpenStore(tools, kReadersPatience));
  REVOPS_TRY_ASSIGN(const auto processor, OpenProcessor(tools));
  StoredRefresh refresh({*store, *processor, tools.clock, tools.random});
  ApiFunction function({.store = store.get(),
                        .refresh = &refresh,
                        .clock = tools.clock,
                        .random = tools.random,
                        .settings = tools.settings,
                        .own_path = "/api/summary"});
  function.Prepare();
  return serve(function);
}

}  // namespace
}  // namespace revops::lambda

int main() {
  return revops::lambda::RunFunction({.store = true, .processor = true}, revops::lambda::Body);
}
