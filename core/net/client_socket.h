#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/net/client_patience.h"

namespace revops::net {

/// An IPv4 or IPv6 address with a port.
struct ClientAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  void SetPort(std::uint16_t port);
};

/// An address that needs no resolver; nullopt for a name.
std::optional<ClientAddress> ParseAddress(const std::string& host);

/// A connected, non-blocking TCP socket. The addresses are tried in turn; each has an equal share
/// of the time that is left, so that one that swallows packets does not use up all of it.
/// Errors: origin net:connect; kUnavailable with the last address's reason, kTimeout, kCancelled.
Result<ClientFd> ConnectTcp(const std::vector<ClientAddress>& addresses, const std::string& peer,
                            const ClientPatience& patience, ClientPatience::Time until);

}  // namespace revops::net
