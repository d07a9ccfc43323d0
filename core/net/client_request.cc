#include "core/net/client_request.h"

#include <algorithm>
#include <iterator>

#include "core/net/client_origin.h"
#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::string_view kMethods[] = {"GET", "HEAD", "PUT", "DELETE", "POST"};
/// The client's own, and those that would change how the message is framed.
constexpr std::string_view kReservedFields[] = {
    "Host",   "Content-Length",   "Connection", "Accept-Encoding", "Transfer-Encoding",
    "TE",     "Proxy-Connection", "Keep-Alive", "Upgrade",         "Expect",
    "Trailer"};

Unexpected Refuse(const std::string& message) {
  return Fail(ErrorCode::kInvalidArgument, message, "net:http");
}

bool IsReserved(std::string_view name) {
  return std::any_of(std::begin(kReservedFields), std::end(kReservedFields),
                     [name](std::string_view of) { return EqualsIgnoreCase(of, name); });
}

void AppendField(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

bool HasField(const ClientRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [name](const auto& field) { return EqualsIgnoreCase(field.first, name); });
}

}  // namespace

Result<void> CheckRequest(const ClientRequest& request) {
  if (std::find(std::begin(kMethods), std::end(kMethods), request.method) == std::end(kMethods)) {
    return Refuse("a request's method must be GET, HEAD, PUT, DELETE or POST");
  }
  if (!IsHost(request.origin.host) || request.origin.port == 0) {
    return Refuse("a request's origin needs a host name or an address, and a port");
  }
  if (!request.target.starts_with('/') || !IsAll(request.target, kTarget)) {
    return Refuse("a request's target must be a percent-encoded path that starts with '/'");
  }
  for (const auto& [name, value] : request.headers) {
    if (!IsToken(name)) return Refuse("a request's field has a malformed name");
    if (IsReserved(name)) return Refuse("the field " + name + " is the client's to write");
    if (!IsAll(value, kValue)) return Refuse("the field " + name + " holds a control character");
  }
  return {};
}

bool IsIdempotent(const ClientRequest& request) { return request.method != "POST"; }

std::string RenderRequestHead(const ClientRequest& request, const RequestHeadOptions& options) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  AppendField(head, "Host", HostField(request.origin));
  if (!options.user_agent.empty() && !HasField(request, "User-Agent")) {
    AppendField(head, "User-Agent", options.user_agent);
  }
  for (const auto& [name, value] : request.headers) AppendField(head, name, value);
  AppendField(head, "Accept-Encoding", "gzip");
  AppendField(head, "Connection", options.keep ? "keep-alive" : "close");
  const bool may_have_body = request.method == "POST" || request.method == "PUT";
  if (may_have_body || !request.body.empty()) {
    AppendField(head, "Content-Length", std::to_string(request.body.size()));
  }
  head.append("\r\n");
  return head;
}

}  // namespace revops::net
