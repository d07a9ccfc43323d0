#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace revops::net {

/// A bound, listening TCP socket; closed with its owner.
class ListenSocket {
 public:
  ListenSocket(int fd, bool is_ipv6, std::uint16_t port)
      : fd_(fd), is_ipv6_(is_ipv6), port_(port) {}
  ListenSocket(ListenSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), is_ipv6_(other.is_ipv6_), port_(other.port_) {}
  ListenSocket& operator=(ListenSocket&&) = delete;
  ~ListenSocket();

  bool is_ipv6() const { return is_ipv6_; }
  std::uint16_t port() const { return port_; }
  /// Hands the descriptor over.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
  bool is_ipv6_;
  std::uint16_t port_;
};

/// `count` sockets on one address among which the kernel spreads connections (SO_REUSEPORT). All
/// have TCP_NODELAY and a bound on unacknowledged data, which accepted connections inherit.
/// Errors: kInvalidArgument when `address` is no address, kUnavailable when it cannot be bound,
/// also when another program shares its port willingly.
Result<std::vector<ListenSocket>> OpenListenSockets(const std::string& address, std::uint16_t port,
                                                    std::size_t count);

}  // namespace revops::net
