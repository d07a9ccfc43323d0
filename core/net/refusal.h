#pragma once

#include <string_view>

#include "core/base/http.h"

namespace revops::net {

/// Why the server itself does not pass a request on. The connection closes after it.
struct Refusal {
  int status = 400;
  std::string_view message;  ///< one line for the client
};

/// The answer for a refusal: our JSON error shape, nosniff, no-store; Retry-After with 503.
HttpResponse RefusalResponse(const Refusal& refusal, std::string_view request_id);

}  // namespace revops::net
