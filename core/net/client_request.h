#pragma once

#include <string>

#include "core/net/http_client.h"

namespace revops::net {

/// Errors: kInvalidArgument for a request that cannot be written as one HTTP message: an unknown
/// method, a target that is no path, a host that is none, a field with a line break in it, a field
/// that the client writes itself.
Result<void> CheckRequest(const ClientRequest& request);

/// GET, HEAD, PUT and DELETE: sent twice, they do the same as once.
bool IsIdempotent(const ClientRequest& request);

struct RequestHeadOptions {
  std::string user_agent;  ///< empty, or the request has one: not written
  bool keep = true;        ///< whether the connection is to be kept
};

/// The request line and all fields of a request that passed CheckRequest, with the empty line.
std::string RenderRequestHead(const ClientRequest& request, const RequestHeadOptions& options);

}  // namespace revops::net
