#include "core/net/host_rules.h"

#include <algorithm>
#include <utility>

#include "core/base/http.h"

namespace revops::net {
namespace {

bool IsLiteral(std::string_view name) {
  return name.starts_with('[') || name.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The port after the last colon; empty where there is none.
std::string_view PortOf(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.back() == ']') return {};
  return host.substr(colon + 1);
}

}  // namespace

HostRules::HostRules(std::string_view listen_address, std::uint16_t port,
                     std::vector<std::string> names)
    : names_(std::move(names)), port_(std::to_string(port)) {
  const bool is_ipv6 = listen_address.find(':') != std::string_view::npos;
  std::string address(listen_address);
  if (is_ipv6) address = "[" + address + "]";
  any_literal_ = address == "0.0.0.0" || address == "[::]";
  own_names_.push_back(address);
  if (any_literal_ || address.starts_with("127.") || address == "[::1]") {
    for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) own_names_.emplace_back(name);
  }
}

bool HostRules::Allows(std::string_view host) const {
  const std::string_view port = PortOf(host);
  const std::string_view name = port.empty() ? host : host.substr(0, host.size() - port.size() - 1);
  if (AllowsName(host, name, port)) return true;
  if (port.empty() ? port_ != "80" : port != port_) return false;
  if (any_literal_ && IsLiteral(name)) return true;
  return std::any_of(own_names_.begin(), own_names_.end(),
                     [name](const std::string& own) { return EqualsIgnoreCase(own, name); });
}

bool HostRules::AllowsName(std::string_view host, std::string_view name,
                           std::string_view port) const {
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& allowed) {
    return EqualsIgnoreCase(allowed, host) ||
           (!port.empty() && PortOf(allowed).empty() && EqualsIgnoreCase(allowed, name));
  });
}

}  // namespace revops::net
