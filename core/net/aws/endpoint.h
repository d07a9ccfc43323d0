#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"

namespace revops::net {

/// "http[s]://host[:port][/path[?query]]".
struct AwsUrl {
  HttpOrigin origin;
  std::string target;  ///< "/" where the URL has no path
};

/// Errors: kInvalidArgument for anything else.
Result<AwsUrl> ParseAwsUrl(std::string_view url);

/// "https://sts.eu-west-1.amazonaws.com", with ".cn" at its end in China's regions.
HttpOrigin AwsOrigin(std::string_view service, std::string_view region);

/// The origin that the variable `name` sets, for emulators and private endpoints, else `usual`.
/// Errors: kInvalidArgument for a value that is no origin, naming the variable.
Result<HttpOrigin> OriginOr(const AwsSettings& settings, const std::string& name, HttpOrigin usual);

/// AWS_ENDPOINT_URL_<service>, else AWS_ENDPOINT_URL: an emulator's or a private one.
/// Errors: kInvalidArgument for a value that is no origin, naming the variable.
Result<std::optional<HttpOrigin>> FindAwsEndpoint(const AwsSettings& settings,
                                                  const std::string& service);

/// This machine itself: "localhost", 127.0.0.0/8, ::1.
bool is_loopback(const HttpOrigin& origin);

}  // namespace revops::net
