#include "core/api/origin_policy.h"

#include <algorithm>

namespace revops::api {
namespace {

/// "https://example.com:8443" belongs to the Host "example.com:8443".
bool is_same_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && !host.empty()) {
      return EqualsIgnoreCase(origin.substr(scheme.size()), host);
    }
  }
  return false;
}

/// "application/json; charset=utf-8" is JSON too.
bool is_of_type(std::string_view content_type, std::string_view wanted) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return EqualsIgnoreCase(type, wanted);
}

}  // namespace

bool OriginPolicy::is_listed(std::string_view origin) const {
  return !origin.empty() && std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

std::optional<Problem> OriginPolicy::RefuseWrite(const HttpRequest& request,
                                                 std::string_view content_type) const {
  if (!may_write(request)) {
    return Problem{403, "permission_denied", "A page of another origin may not do this.", false,
                   std::nullopt};
  }
  if (!is_of_type(request.header("Content-Type"), content_type)) {
    return Problem{415, "unsupported_media_type",
                   "The Content-Type must be " + std::string(content_type) + ".", false,
                   std::nullopt};
  }
  return std::nullopt;
}

/// Programs send neither field; browsers send Origin with every POST, PUT and DELETE.
bool OriginPolicy::may_write(const HttpRequest& request) const {
  const std::string_view origin = request.header("Origin");
  if (!origin.empty()) {
    return is_listed(origin) || is_same_origin(origin, request.header("Host"));
  }
  const std::string_view site = request.header("Sec-Fetch-Site");
  return site.empty() || site == "same-origin" || site == "none";
}

void OriginPolicy::AddHeaders(const HttpRequest& request, Headers& headers) const {
  const std::string_view origin = request.header("Origin");
  if (!is_listed(origin)) return;
  headers.emplace_back("Access-Control-Allow-Origin", origin);
  headers.emplace_back("Access-Control-Expose-Headers",
                       "ETag, Location, Retry-After, X-Request-Id");
}

Reply OriginPolicy::AnswerOptions(const HttpRequest& request, std::string_view allow) const {
  const bool is_preflight = !request.header("Access-Control-Request-Method").empty();
  const std::string_view origin = request.header("Origin");
  if (is_preflight && !is_listed(origin) && !is_same_origin(origin, request.header("Host"))) {
    return ToReply(Problem{403, "permission_denied", "Pages of this origin may not use the API.",
                           false, std::nullopt},
                   request.request_id);
  }
  Reply reply;
  reply.status = 204;
  reply.content_type = {};
  reply.headers.emplace_back("Allow", allow);
  if (is_preflight) {
    reply.headers.emplace_back("Access-Control-Allow-Methods", allow);
    reply.headers.emplace_back("Access-Control-Allow-Headers",
                               "Authorization, Content-Type, Last-Event-ID, X-Raw");
    reply.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return reply;
}

}  // namespace revops::api
