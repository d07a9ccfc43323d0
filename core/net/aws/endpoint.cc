#include "core/net/aws/endpoint.h"

#include <algorithm>
#include <utility>

#include "core/net/client_origin.h"
#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::string_view kPlain = "http://";
constexpr std::string_view kTls = "https://";
constexpr std::uint16_t kPlainPort = 80;

bool HasPort(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket) !=
         std::string_view::npos;
}

}  // namespace

Result<AwsUrl> ParseAwsUrl(std::string_view url) {
  const bool is_plain = url.starts_with(kPlain);
  if (!is_plain && !url.starts_with(kTls)) {
    return Fail(ErrorCode::kInvalidArgument, "not a URL of the form http[s]://host[:port]/path");
  }
  url.remove_prefix(is_plain ? kPlain.size() : kTls.size());
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  AwsUrl parsed;
  REVOPS_TRY_ASSIGN(parsed.origin, ParseOrigin(std::string(kTls) + std::string(authority)));
  if (is_plain) {
    parsed.origin.tls = false;
    if (!HasPort(authority)) parsed.origin.port = kPlainPort;
  }
  parsed.target = url.substr(authority.size());
  if (!parsed.target.starts_with('/')) parsed.target.insert(0, "/");
  if (!IsAll(parsed.target, kTarget)) {
    return Fail(ErrorCode::kInvalidArgument, "a URL's path must be percent-encoded");
  }
  return parsed;
}

HttpOrigin AwsOrigin(std::string_view service, std::string_view region) {
  std::string host = std::string(service) + "." + std::string(region) + ".amazonaws.com";
  if (region.starts_with("cn-")) host += ".cn";
  return {.host = std::move(host)};
}

Result<HttpOrigin> OriginOr(const AwsSettings& settings, const std::string& name,
                            HttpOrigin usual) {
  const auto url = settings.Variable(name);
  if (!url) return usual;
  auto parsed = ParseAwsUrl(*url);
  if (!parsed || parsed->target != "/") {
    return Fail(ErrorCode::kInvalidArgument, name + " must be of the form http[s]://host[:port]");
  }
  return parsed->origin;
}

Result<std::optional<HttpOrigin>> FindAwsEndpoint(const AwsSettings& settings,
                                                  const std::string& service) {
  for (const std::string& name : {"AWS_ENDPOINT_URL_" + service, std::string("AWS_ENDPOINT_URL")}) {
    if (!settings.Variable(name)) continue;
    REVOPS_TRY_ASSIGN(HttpOrigin origin, OriginOr(settings, name, {}));
    return std::optional(std::move(origin));
  }
  return std::optional<HttpOrigin>();
}

bool is_loopback(const HttpOrigin& origin) {
  return origin.host == "localhost" || origin.host == "::1" ||
         (IsAddress(origin.host) && origin.host.starts_with("127."));
}

}  // namespace revops::net
