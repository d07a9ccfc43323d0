#pragma once

#include <cstdint>
#include <memory>

#include "core/net/http_server.h"
#include "core/net/listen_socket.h"
#include "core/net/server_state.h"

namespace revops::net {

/// One thread's share of a server: its listening socket and the connections accepted from it.
class EventLoop {
 public:
  struct Seed {
    std::uint64_t loop_id = 0;
    std::uint64_t first_request = 0;
  };

  EventLoop(const ServerState& server, ListenSocket listener, Seed seed);
  ~EventLoop();

  /// Serves on the calling thread until Quit.
  void Run();

  /// Any thread: accept no more, close what is idle, end streams.
  void Drain();
  /// Any thread: close every connection and return from Run.
  void Quit();

  /// Any thread: adds this loop's counters.
  void AddTo(HttpServerStats& stats) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::net
