#pragma once

#include <string>
#include <string_view>

#include "core/net/http_client.h"

namespace revops::net {

/// "192.0.2.1", "2001:db8::1": an address that needs no resolver. Without brackets and zones.
bool IsAddress(std::string_view host);

/// A name of the DNS, or an address. A name whose last label is a number is neither: some
/// resolvers take "127.1" for an address.
bool IsHost(std::string_view host);

/// "host", "[address]", with ":port" unless it is the scheme's own.
std::string HostField(const HttpOrigin& origin);

/// "host:port", for messages.
std::string Describe(const HttpOrigin& origin);

}  // namespace revops::net
