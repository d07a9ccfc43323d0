#pragma once

#include <cstdint>
#include <memory>

#include "apps/revops/engine.h"
#include "core/base/result.h"

namespace revops::app {

/// Everything that `revops serve` runs: API and page, schedule, command socket.
class Server {
 public:
  /// Errors: kInvalidArgument for an address other than loopback while no login is configured,
  ///         kUnavailable when the address is taken.
  static Result<std::unique_ptr<Server>> Start(std::unique_ptr<Engine> engine);
  ~Server();

  std::uint16_t port() const;
  /// Lets running answers finish, cancels a running refresh, then returns.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::app
