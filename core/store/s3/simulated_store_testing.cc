#include "core/store/s3/simulated_store_testing.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "core/base/check.h"

namespace revops::store {
namespace {

class SimulatorFoundNothingWrong final : public testing::Environment {
 public:
  /// Every round of a property asks a server many times.
  void SetUp() override { setenv("RC_PARAMS", "max_success=20", 0); }
  void TearDown() override { EXPECT_EQ(SharedSimulator().ControlGet("violations"), "[]"); }
};

/// Reading the system's certificates takes longer than most tests.
net::HttpTransport& SharedHttp() {
  static const SystemClock clock;
  static const std::unique_ptr<net::HttpClient> client = [] {
    auto made = net::HttpClient::Make({.user_agent = "revops-tests/1", .ca_file = {}}, clock);
    REVOPS_CHECK(made.has_value());
    return *std::move(made);
  }();
  return *client;
}

const testing::Environment* const kEnvironment =
    testing::AddGlobalTestEnvironment(new SimulatorFoundNothingWrong);

}  // namespace

net::Simulator& SharedSimulator() {
  static net::Simulator simulator({REVOPS_PYTHON, REVOPS_SIMULATOR_DIR, "s3_simulator"});
  return simulator;
}

void ResetSimulator(const std::string& settings) {
  EXPECT_EQ(SharedSimulator().ControlGet("violations"), "[]");
  SharedSimulator().Control("reset", "{\"settings\":{" + settings + "}}");
}

SimulatedStore::SimulatedStore(const std::string& prefix, std::chrono::milliseconds timeout,
                               bool keeps_small_objects) {
  auto store = S3ObjectStore::Open({{"revops-test", prefix},
                                    "us-east-1",
                                    net::HttpOrigin{false, "127.0.0.1", SharedSimulator().port()},
                                    timeout,
                                    keeps_small_objects},
                                   {SharedHttp(), keys_, clock_, random_, pause_});
  REVOPS_CHECK(store.has_value());
  store_ = *std::move(store);
}

}  // namespace revops::store
