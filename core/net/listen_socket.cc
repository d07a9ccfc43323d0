#include "core/net/listen_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace revops::net {
namespace {

constexpr int kBacklog = 1024;
/// A peer that acknowledges nothing for so long is gone, also in the middle of a stream.
constexpr int kUnacknowledgedMs = 30'000;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  bool is_ipv6() const { return storage.ss_family == AF_INET6; }

  void SetPort(std::uint16_t port) {
    if (is_ipv6()) {
      reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = htons(port);
    } else {
      reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
    }
  }

  std::uint16_t port() const {
    return is_ipv6() ? ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port)
                     : ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  }
};

Result<Address> ParseAddress(const std::string& text) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.size = sizeof(sockaddr_in6);
  } else {
    return Fail(ErrorCode::kInvalidArgument, "not an IP address to listen on: " + text);
  }
  return address;
}

Unexpected SystemFailure(const std::string& what) {
  const int error = errno;
  return Fail(ErrorCode::kUnavailable, what + ": " + std::generic_category().message(error),
              "errno:" + std::to_string(error));
}

bool SetOption(int fd, int level, int option, int value = 1) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/// `shared`: with SO_REUSEPORT. Port 0 in `address` is replaced by the one that was bound.
Result<ListenSocket> OpenOne(Address& address, bool shared) {
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemFailure("cannot open a socket");
  ListenSocket guard(fd, address.is_ipv6(), address.port());
  if (!SetOption(fd, SOL_SOCKET, SO_REUSEADDR) || !SetOption(fd, IPPROTO_TCP, TCP_NODELAY) ||
      !SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs) ||
      (shared && !SetOption(fd, SOL_SOCKET, SO_REUSEPORT)) ||
      (address.is_ipv6() && !SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY))) {
    return SystemFailure("cannot set socket options");
  }
  if (::bind(fd, address.get(), address.size) != 0 || ::listen(fd, kBacklog) != 0) {
    return SystemFailure("cannot listen on port " + std::to_string(address.port()));
  }
  if (::getsockname(fd, address.get(), &address.size) != 0) {
    return SystemFailure("cannot read the bound port");
  }
  return ListenSocket(guard.Release(), address.is_ipv6(), address.port());
}

}  // namespace

ListenSocket::~ListenSocket() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::vector<ListenSocket>> OpenListenSockets(const std::string& address, std::uint16_t port,
                                                    std::size_t count) {
  REVOPS_TRY_ASSIGN(Address bound, ParseAddress(address));
  bound.SetPort(port);
  {
    // SO_REUSEPORT would let a second program of the same user bind without a word; a socket that
    // does not share cannot be bound while another listens.
    REVOPS_TRY_ASSIGN(const ListenSocket probe, OpenOne(bound, false));
  }
  std::vector<ListenSocket> sockets;
  sockets.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    REVOPS_TRY_ASSIGN(ListenSocket opened, OpenOne(bound, true));
    sockets.push_back(std::move(opened));
  }
  return sockets;
}

}  // namespace revops::net
