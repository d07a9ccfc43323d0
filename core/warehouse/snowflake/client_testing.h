#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/http_client.h"
#include "core/net/scripted_testing.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/credentials.h"

namespace revops::warehouse {

using net::Http;
using net::LockedRandom;
using net::Lost;
using net::PausedClock;
using net::ScriptedPause;
using net::ScriptedTransport;

/// A token that counts up when it is renewed.
class CountingCredentials final : public Credentials {
 public:
  Result<AuthToken> Token() override;
  bool Renew(const AuthToken& refused, std::optional<Instant> server_now) override;

  bool can_renew = true;
  std::atomic<int> renewals = 0;
  std::optional<Instant> server_time;
};

/// Keeps a result.
class KeepingSink final : public ResultSink {
 public:
  Result<void> Begin(const std::vector<ResultColumn>& found) override;
  Result<void> Take(const ResultCells& cells) override;

  std::vector<ResultColumn> columns;
  std::vector<std::string> values;  ///< "NULL" for NULL
  int begun = 0;
  std::size_t taken = 0;  ///< partitions
  /// Asked before each partition is taken.
  std::function<Result<void>(std::size_t)> check = [](std::size_t) { return Result<void>(); };
};

/// Adds up what was counted.
class CostSum final : public CostRecorder {
 public:
  void Count(const Costs& more) override {
    const std::scoped_lock lock(mutex_);
    sum_ += more;
  }
  Costs sum() const {
    const std::scoped_lock lock(mutex_);
    return sum_;
  }

 private:
  mutable std::mutex mutex_;
  Costs sum_;
};

/// A client and everything around it.
struct ClientBench {
  PausedClock clock;
  ScriptedPause pause{clock};
  ScriptedTransport transport;
  CountingCredentials credentials;
  CostSum costs;
  LockedRandom random{42};
  SnowflakeTarget target{
      {true, "a.snowflakecomputing.com", 443}, "SALES", "PUBLIC", "WH", "READER"};
  std::unique_ptr<SnowflakeClient> client = Connect();
  std::stop_source stop;

  std::unique_ptr<SnowflakeClient> Connect() {
    return std::make_unique<SnowflakeClient>(
        target, SnowflakeClient::Parts{transport, credentials, clock, random, pause, &costs});
  }
  Result<void> Execute(ResultSink& sink, std::chrono::milliseconds time = std::chrono::minutes(1));
  /// Answers each request with the next of `answers`, and the last one for ever.
  void Answer(std::vector<ScriptedTransport::Answer> answers);
};

/// "requestId" and so on out of a target; empty when it is not there.
std::string Parameter(const net::ClientRequest& request, std::string_view name);

/// A ResultSet of one column with partitions of these sizes; values count up from 0. Its own data
/// is that of the first.
std::string ResultBody(const std::vector<std::size_t>& sizes, std::string_view handle = "01b0-a");
/// The data of one partition of it.
std::string PartitionBody(const std::vector<std::size_t>& sizes, std::size_t partition);
std::string StatusBody(std::string_view handle = "01b0-a");
std::string FailureBody(std::string_view code);

}  // namespace revops::warehouse
