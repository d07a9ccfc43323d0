#pragma once

#include <optional>

#include "core/base/clock.h"
#include "core/net/http_client.h"

namespace revops::net {

/// What the Date of an answer says, "Sun, 22 Nov 2026 02:00:00 GMT"; nullopt without one.
std::optional<Instant> ServerTime(const ClientResponse& response);

}  // namespace revops::net
