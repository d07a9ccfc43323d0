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
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/credentials.h"
#include "core/warehouse/snowflake/pause.h"

namespace revops::warehouse {

/// Stands still but for pauses. Thread-safe.
class PausedClock final : public Clock {
 public:
  Instant Now() const override { return kStart + std::chrono::milliseconds(passed_); }
  SteadyTime SteadyNow() const override {
    return SteadyTime(std::chrono::hours(1)) + std::chrono::milliseconds(passed_);
  }
  void Advance(std::chrono::milliseconds by) { passed_ += by.count(); }

  static inline const Instant kStart = *ParseInstant("2026-11-22T02:00:00Z");

 private:
  std::atomic<std::int64_t> passed_ = 0;
};

/// Advances the clock instead of waiting. Thread-safe.
class ScriptedPause final : public Pause {
 public:
  explicit ScriptedPause(PausedClock& clock) : clock_(clock) {}

  bool For(std::chrono::milliseconds time, const std::stop_token& stop) override;
  std::vector<std::chrono::milliseconds> times() const;

  std::function<void()> before_each = [] {};

 private:
  PausedClock& clock_;
  mutable std::mutex mutex_;
  std::vector<std::chrono::milliseconds> times_;
};

/// Answers by a function and remembers what it was asked. Thread-safe.
class ScriptedTransport final : public net::HttpTransport {
 public:
  using Answer = Result<net::ClientResponse>;

  Answer Send(const net::ClientRequest& request) override;
  std::vector<net::ClientRequest> requests() const;
  /// Those with `part` in their target.
  std::size_t count(std::string_view part) const;

  /// The function gets the number of the request, from 0; calls are not serialised.
  std::function<Answer(const net::ClientRequest&, std::size_t)> answer;

 private:
  mutable std::mutex mutex_;
  std::vector<net::ClientRequest> requests_;
};

/// A token that counts up when it is renewed.
class CountingCredentials final : public Credentials {
 public:
  Result<AuthToken> Token() override;
  bool Renew(std::optional<Instant> server_now) override;

  bool can_renew = true;
  std::atomic<int> renewals = 0;
  std::optional<Instant> server_time;
};

/// SystemRandom's thread-safety with a seed.
class LockedRandom final : public Random {
 public:
  explicit LockedRandom(std::uint64_t seed) : random_(seed) {}
  std::uint64_t Next() override {
    const std::scoped_lock lock(mutex_);
    return random_.Next();
  }

 private:
  std::mutex mutex_;
  SeededRandom random_;
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

/// A client and everything around it.
struct ClientBench {
  PausedClock clock;
  ScriptedPause pause{clock};
  ScriptedTransport transport;
  CountingCredentials credentials;
  LockedRandom random{42};
  SnowflakeTarget target{
      {true, "a.snowflakecomputing.com", 443}, "SALES", "PUBLIC", "WH", "READER"};
  std::unique_ptr<SnowflakeClient> client = Connect();
  std::stop_source stop;

  std::unique_ptr<SnowflakeClient> Connect() {
    return std::make_unique<SnowflakeClient>(
        target, SnowflakeClient::Parts{transport, credentials, clock, random, pause});
  }
  Result<void> Execute(ResultSink& sink, std::chrono::milliseconds time = std::chrono::minutes(1));
  /// Answers each request with the next of `answers`, and the last one for ever.
  void Answer(std::vector<ScriptedTransport::Answer> answers);
};

net::ClientResponse Http(int status, std::string body = {});
ScriptedTransport::Answer Lost();

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
