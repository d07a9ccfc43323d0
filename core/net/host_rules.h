#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace revops::net {

/// Which Host a request may name, so that a foreign name that resolves to this machine (DNS
/// rebinding) reaches nothing.
///
/// Allowed: the listened address with its port; on loopback also "localhost", "127.0.0.1" and
/// "[::1]"; when listening on all addresses any address literal with the port, since no name can
/// be rebound to a literal; and `names`: one without a port stands for every port. The port may be
/// left out where it is 80.
class HostRules {
 public:
  HostRules(std::string_view listen_address, std::uint16_t port, std::vector<std::string> names);

  /// `host` is syntactically valid.
  bool Allows(std::string_view host) const;

 private:
  bool AllowsName(std::string_view host, std::string_view name, std::string_view port) const;

  std::vector<std::string> own_names_;
  std::vector<std::string> names_;
  std::string port_;
  bool any_literal_ = false;
};

}  // namespace revops::net
