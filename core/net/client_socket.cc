#include "core/net/client_socket.h"

#include <poll.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace revops::net {
namespace {

using Outcome = ClientPatience::Outcome;

constexpr std::string_view kOrigin = "net:connect";

/// 0, or an errno.
int StartConnecting(int fd, const ClientAddress& address) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address.storage);
  return ::connect(fd, to, address.size) == 0 ? 0 : errno;
}

int PendingError(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

struct Attempt {
  ClientFd fd;
  int error = 0;
  Outcome outcome = Outcome::kReady;
};

Attempt Try(const ClientAddress& address, const ClientPatience& patience,
            ClientPatience::Time until) {
  Attempt attempt;
  attempt.fd =
      ClientFd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  attempt.error = attempt.fd.get() < 0 ? errno : StartConnecting(attempt.fd.get(), address);
  if (attempt.error != EINPROGRESS) return attempt;
  attempt.outcome = patience.Wait(attempt.fd.get(), POLLOUT, until);
  attempt.error = attempt.outcome == Outcome::kReady ? PendingError(attempt.fd.get()) : ETIMEDOUT;
  return attempt;
}

}  // namespace

void ClientAddress::SetPort(std::uint16_t port) {
  if (storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
  }
}

std::optional<ClientAddress> ParseAddress(const std::string& host) {
  ClientAddress address;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.size = sizeof(sockaddr_in6);
  } else {
    return std::nullopt;
  }
  return address;
}

Result<ClientFd> ConnectTcp(const std::vector<ClientAddress>& addresses, const std::string& peer,
                            const ClientPatience& patience, ClientPatience::Time until) {
  const std::string failure = "cannot connect to " + peer + ": ";
  int error = EADDRNOTAVAIL;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (const Outcome outcome = patience.Check(until); outcome != Outcome::kReady) {
      return patience.GaveUp(outcome, until, failure + "no answer in time", kOrigin);
    }
    const auto now = patience.Now();
    const bool is_last = i + 1 == addresses.size();
    const auto share = (until - now) / static_cast<std::int64_t>(addresses.size() - i);
    Attempt attempt = Try(addresses[i], patience, is_last ? until : now + share);
    if (attempt.error == 0) return std::move(attempt.fd);
    const bool is_over =
        attempt.outcome == Outcome::kStopped || (attempt.outcome == Outcome::kLate && is_last);
    if (is_over) {
      return patience.GaveUp(attempt.outcome, until, failure + "no answer in time", kOrigin);
    }
    error = attempt.error;
  }
  return Fail(ErrorCode::kUnavailable, failure + std::generic_category().message(error),
              std::string(kOrigin));
}

}  // namespace revops::net
