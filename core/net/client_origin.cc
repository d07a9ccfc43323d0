#include "core/net/client_origin.h"

#include <algorithm>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kNameBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::uint16_t kTlsPort = 443;
constexpr std::uint16_t kPlainPort = 80;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > kLabelBytesMax) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return IsAlphanumeric(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

bool IsNumberLabel(std::string_view label) {
  return label.starts_with("0x") || label.starts_with("0X") ||
         std::all_of(label.begin(), label.end(), IsDigit);
}

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name.back() == '.') return false;
  std::string_view label;
  while (!name.empty()) {
    label = TakeUntil(name, '.');
    if (!IsLabel(label)) return false;
  }
  return !IsNumberLabel(label);
}

std::optional<std::uint16_t> ReadPort(std::string_view text) {
  constexpr std::size_t kDigitsMax = 5;
  constexpr unsigned kPortMax = 65535;
  if (text.empty() || text.size() > kDigitsMax || text.front() == '0') return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > kPortMax) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// "[address]" and "name" or "address"; `rest` keeps what follows. Empty where there is no host.
std::string_view TakeHost(std::string_view& rest) {
  if (!rest.starts_with('[')) {
    const std::string_view host = rest.substr(0, rest.find(':'));
    rest.remove_prefix(host.size());
    return host;
  }
  const std::size_t end = rest.find(']');
  if (end == std::string_view::npos) return {};
  const std::string_view address = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return address.find(':') != std::string_view::npos ? address : std::string_view();
}

std::string Bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

bool IsAddress(std::string_view host) {
  const std::string text(host);
  in6_addr address{};
  return text.find('\0') == std::string::npos && (inet_pton(AF_INET, text.c_str(), &address) == 1 ||
                                                  inet_pton(AF_INET6, text.c_str(), &address) == 1);
}

bool IsHost(std::string_view host) { return IsAddress(host) || IsName(host); }

std::string Describe(const HttpOrigin& origin) {
  return Bracketed(origin.host) + ":" + std::to_string(origin.port);
}

std::string HostField(const HttpOrigin& origin) {
  const bool is_default = origin.port == (origin.tls ? kTlsPort : kPlainPort);
  return is_default ? Bracketed(origin.host) : Describe(origin);
}

Result<HttpOrigin> ParseOrigin(std::string_view url) {
  const auto refuse = [] {
    return Fail(ErrorCode::kInvalidArgument, "not an origin of the form https://host[:port]");
  };
  if (!url.starts_with(kScheme)) return refuse();
  std::string_view rest = url.substr(kScheme.size());
  const std::string_view host = TakeHost(rest);
  if (!IsHost(host)) return refuse();
  HttpOrigin origin{.tls = true, .host = std::string(host), .port = kTlsPort};
  std::transform(origin.host.begin(), origin.host.end(), origin.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (rest.empty()) return origin;
  if (rest.front() != ':') return refuse();
  const std::optional<std::uint16_t> port = ReadPort(rest.substr(1));
  if (!port) return refuse();
  origin.port = *port;
  return origin;
}

}  // namespace revops::net
