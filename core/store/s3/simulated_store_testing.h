#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/aws/credentials.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/net/simulator_testing.h"
#include "core/store/object_store.h"
#include "core/store/s3/s3_store.h"

namespace revops::store {

/// The simulator of tests/aws, one for the program.
net::Simulator& SharedSimulator();

/// Makes its world anew; `settings` as `"page_size":7`.
void ResetSimulator(const std::string& settings = {});

/// The simulator's own credentials.
class SimulatorKeys final : public net::AwsCredentialSource {
 public:
  Result<net::AwsCredentials> Get(Clock::SteadyTime /*deadline*/) override {
    return net::AwsCredentials{"SIMULATORKEY", "simulator/secret+key", {}, {}};
  }
  void Forget() override {}
};

/// The simulator needs no time to recover.
class ShortPause final : public net::Pause {
 public:
  bool For(std::chrono::milliseconds time, const std::stop_token& stop) override {
    return pause_.For(time / 50, stop);
  }

 private:
  net::SystemPause pause_;
};

/// A store on the simulator, with all that it is made of.
class SimulatedStore final : public ObjectStore {
 public:
  explicit SimulatedStore(const std::string& prefix,
                          std::chrono::milliseconds timeout = std::chrono::seconds(20),
                          bool keeps_small_objects = false);

  Result<Object> Get(std::string_view key) override { return store_->Get(key); }
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override {
    return store_->Put(key, bytes, condition);
  }
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override {
    return store_->List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return store_->Delete(key); }

 private:
  SystemClock clock_;
  SystemRandom random_;
  ShortPause pause_;
  SimulatorKeys keys_;
  std::unique_ptr<S3ObjectStore> store_;
};

}  // namespace revops::store
