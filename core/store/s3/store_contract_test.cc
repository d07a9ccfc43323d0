#include "core/store/store_contract.h"

#include <gtest/gtest.h>

#include "core/store/s3/simulated_store_testing.h"

namespace revops::store {
namespace {

class SimulatedPlace final : public StorePlace {
 public:
  SimulatedPlace(std::string prefix, const std::string& settings) : prefix_(std::move(prefix)) {
    ResetSimulator(settings);
  }
  /// As functions have it under a prefix, as `serve` has it at the top.
  std::unique_ptr<ObjectStore> Open() override {
    return std::make_unique<SimulatedStore>(prefix_, std::chrono::seconds(20), !prefix_.empty());
  }
  Instant Now() const override { return SystemClock().Now(); }

 private:
  std::string prefix_;
};

StoreAdapter Adapter(std::string name, const std::string& prefix, const std::string& settings) {
  return {std::move(name),
          [prefix, settings] { return std::make_unique<SimulatedPlace>(prefix, settings); }, false};
}

INSTANTIATE_TEST_SUITE_P(S3, StoreContract,
                         testing::Values(Adapter("AtTheTop", "", ""),
                                         Adapter("UnderAPrefixInSmallPages", "team/sales.data/",
                                                 "\"page_size\":97")),
                         StoreAdapterName);

}  // namespace
}  // namespace revops::store
