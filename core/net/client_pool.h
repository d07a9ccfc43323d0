#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/clock.h"
#include "core/net/client_stream.h"
#include "core/net/http_client.h"

namespace revops::net {

/// Connections between two requests. Thread-safe.
class ClientPool {
 public:
  struct Limits {
    std::size_t connections_max = 0;
    std::chrono::milliseconds idle_timeout{0};
  };

  /// `clock` outlives it.
  ClientPool(Limits limits, const Clock& clock) : limits_(limits), clock_(clock) {}

  /// The connection to `origin` that was used last and is still open; null where there is none.
  std::unique_ptr<ClientStream> Take(const HttpOrigin& origin);
  /// Keeps a connection; the one that has been idle longest makes room.
  void Keep(const HttpOrigin& origin, std::unique_ptr<ClientStream> stream);

 private:
  struct Idle {
    HttpOrigin origin;
    std::unique_ptr<ClientStream> stream;
    Clock::SteadyTime since;
  };

  std::vector<Idle> TakeExpired();
  std::unique_ptr<ClientStream> TakeNewest(const HttpOrigin& origin);

  const Limits limits_;
  const Clock& clock_;
  std::mutex mutex_;
  std::vector<Idle> idle_;  ///< longest idle first
};

}  // namespace revops::net
