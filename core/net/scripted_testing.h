#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"

namespace revops::net {

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
class ScriptedTransport final : public HttpTransport {
 public:
  using Answer = Result<ClientResponse>;

  Answer Send(const ClientRequest& request) override;
  std::vector<ClientRequest> requests() const;
  /// Those with `part` in their target.
  std::size_t count(std::string_view part) const;

  /// The function gets the number of the request, from 0; calls are not serialised.
  std::function<Answer(const ClientRequest&, std::size_t)> answer;

 private:
  mutable std::mutex mutex_;
  std::vector<ClientRequest> requests_;
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

/// An answer with a Date ten minutes after PausedClock's start.
ClientResponse Http(int status, std::string body = {});
/// The peer broke off; what it has seen is unknown.
ScriptedTransport::Answer Lost();

}  // namespace revops::net
