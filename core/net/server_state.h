#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/http.h"
#include "core/net/connection_limiter.h"
#include "core/net/host_rules.h"
#include "core/net/http_server.h"
#include "core/net/worker_pool.h"

namespace revops::net {

/// How many bytes of request bodies the server holds at once, so that many large bodies cannot
/// exhaust memory together. Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// False: it would be too much, and nothing was taken.
  bool Take(std::size_t bytes) {
    if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_max_) return true;
    GiveBack(bytes);
    return false;
  }
  void GiveBack(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> taken_{0};
};

/// Counts the answers that were promised for later. Thread-safe.
class Deferrals {
 public:
  void Begin() {
    const std::scoped_lock lock(mutex_);
    ++open_;
  }
  void End() {
    const std::scoped_lock lock(mutex_);
    if (--open_ == 0) none_.notify_all();
  }
  void WaitUntilNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return open_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
};

/// What the event loops of one server share. All of it outlives them.
struct ServerState {
  const HttpLimits& limits;
  const HostRules& hosts;
  HttpHandler& handler;
  const Clock& clock;
  WorkerPool& workers;
  ConnectionLimiter& limiter;
  BodyBudget& bodies;
  Deferrals& deferrals;
};

/// Written by one thread, read by any.
class Counter {
 public:
  void Add(std::uint64_t by) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// One event loop's share of HttpServerStats.
struct LoopCounters {
  Counter accepted;
  Counter refused_connections;
  Counter requests;
  Counter refused_requests;
  Counter bytes_sent;
  std::array<Counter, 6> by_class;

  void CountResponse(int status) {
    const auto of = static_cast<std::size_t>(status / 100);
    by_class[of < by_class.size() ? of : 5].Add(1);
  }
};

}  // namespace revops::net
