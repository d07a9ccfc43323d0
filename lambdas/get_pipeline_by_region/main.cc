#include "lambdas/common/api_function.h"
#include "lambdas/common/function_main.h"

namespace revops::lambda {
namespace {

Result<void> Body(const FunctionTools& tools, const Serve& serve) {
  REVOPS_TRY_ASSIGN(const auto store, OpenStore(tools, kReadersPatience));
  ApiFunction function({.store = store.get(),
                        .clock = tools.clock,
                        .random = tools.random,
                        .settings = tools.settings,
                        .own_path = "/api/pipeline/by-region"});
  function.Prepare();
  return serve(function);
}

}  // namespace
}  // namespace revops::lambda

int main() { return revops::lambda::RunFunction({.store = true}, revops::lambda::Body); }
