#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/http.h"
#include "core/net/aws/answers.h"
#include "core/net/aws/canonical_request.h"
#include "core/net/aws/credential_sources.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/errors.h"
#include "core/net/http_syntax.h"

// The two sources that a machine or a container has around it, at addresses of the link.

namespace revops::net {
namespace {

constexpr std::string_view kContainerHosts[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr std::chrono::seconds kMetadataPatience{1};
constexpr int kNotFoundStatus = 404;

Result<AwsUrl> ContainerUrl(const AwsSettings& settings) {
  if (const auto path = settings.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    return ParseAwsUrl("http://" + std::string(kContainerHosts[0]) +
                       (path->starts_with('/') ? "" : "/") + *path);
  }
  auto url = ParseAwsUrl(settings.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or(""));
  if (!url) return url;
  const bool is_known = std::find(std::begin(kContainerHosts), std::end(kContainerHosts),
                                  url->origin.host) != std::end(kContainerHosts);
  if (url->origin.tls || is_known || is_loopback(url->origin)) return url;
  return Fail(ErrorCode::kInvalidArgument,
              "AWS_CONTAINER_CREDENTIALS_FULL_URI may be plain HTTP to this machine or the "
              "container service alone",
              "aws:container");
}

Result<std::string> ContainerToken(const AwsSettings& settings) {
  const auto file = settings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!file) return settings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  const std::string text = settings.read_file(*file).value_or("");
  std::string token(Stripped(text));
  if (!token.empty() && IsAll(token, kValue)) return token;
  return Fail(ErrorCode::kUnauthenticated,
              "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is missing or holds no token",
              "aws:container");
}

/// One request to the metadata service.
Result<ClientResponse> AskInstance(const SourceContext& context, const ClientRequest& what) {
  ClientRequest request = what;
  REVOPS_TRY_ASSIGN(request.origin, OriginOr(context.settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                             HttpOrigin{false, "169.254.169.254", 80}));
  request.deadline = std::min(context.deadline, context.clock.SteadyNow() + kMetadataPatience);
  request.body_bytes_max = kAnswerBytesMax;
  return context.transport.Send(request);
}

Result<ClientResponse> ReadInstance(const SourceContext& context, const std::string& token,
                                    std::string target) {
  ClientRequest request;
  request.method = "GET";
  request.target = std::move(target);
  request.headers = {{"X-aws-ec2-metadata-token", token}};
  return WithContext(AskInstance(context, request), "asking the instance metadata service");
}

/// Empty: nothing there answers as the metadata service does.
Result<std::string> InstanceToken(const SourceContext& context) {
  ClientRequest request;
  request.method = "PUT";
  request.target = "/latest/api/token";
  request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  const Result<ClientResponse> answer = AskInstance(context, request);
  if (!answer && answer.error().code == ErrorCode::kInvalidArgument) return Fail(answer.error());
  if (!answer || answer->status != kOk || !IsAll(answer->body, kTarget)) return std::string();
  return answer->body;
}

Unexpected RefusedBy(const char* source, int status) {
  return Fail(WithContext(AwsError(status, {}), source));
}

}  // namespace

FoundKeys KeysOfContainer(const SourceContext& context) {
  const AwsSettings& settings = context.settings;
  if (!settings.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") &&
      !settings.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    return std::nullopt;
  }
  constexpr const char* kDoing = "asking the container's credential endpoint";
  REVOPS_TRY_ASSIGN(AwsUrl url, WithContext(ContainerUrl(settings), kDoing));
  REVOPS_TRY_ASSIGN(std::string token, ContainerToken(settings));
  ClientRequest request;
  request.method = "GET";
  request.origin = std::move(url.origin);
  request.target = std::move(url.target);
  request.headers = {{"Accept", "application/json"}};
  if (!token.empty()) request.headers.emplace_back("Authorization", std::move(token));
  request.deadline = context.deadline;
  request.body_bytes_max = kAnswerBytesMax;
  REVOPS_TRY_ASSIGN(const ClientResponse answer,
                    WithContext(context.transport.Send(request), kDoing));
  if (answer.status != kOk) return RefusedBy(kDoing, answer.status);
  REVOPS_TRY_ASSIGN(AwsCredentials keys, WithContext(ReadCredentialsJson(answer.body), kDoing));
  return keys;
}

FoundKeys KeysOfInstance(const SourceContext& context) {
  constexpr const char* kDoing = "asking the instance metadata service";
  const auto disabled = context.settings.Variable("AWS_EC2_METADATA_DISABLED");
  if (disabled && EqualsIgnoreCase(*disabled, "true")) return std::nullopt;
  REVOPS_TRY_ASSIGN(const std::string token, InstanceToken(context));
  if (token.empty()) return std::nullopt;
  REVOPS_TRY_ASSIGN(const ClientResponse roles,
                    ReadInstance(context, token, std::string(kRolePath)));
  if (roles.status == kNotFoundStatus) return std::nullopt;
  if (roles.status != kOk) return RefusedBy(kDoing, roles.status);
  std::string_view names = roles.body;
  const std::string_view role = Stripped(TakeUntil(names, '\n'));
  if (role.empty()) return std::nullopt;
  REVOPS_TRY_ASSIGN(const ClientResponse answer,
                    ReadInstance(context, token, std::string(kRolePath) + PercentEncoded(role)));
  if (answer.status != kOk) return RefusedBy(kDoing, answer.status);
  REVOPS_TRY_ASSIGN(AwsCredentials keys, WithContext(ReadCredentialsJson(answer.body), kDoing));
  return keys;
}

}  // namespace revops::net
