#include "core/net/aws/credential_sources.h"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "core/net/aws/answers.h"
#include "core/net/aws/canonical_request.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/errors.h"

namespace revops::net {
namespace {

/// Ways to keys that a profile names beside its own.
constexpr std::array kForeignWays = {"credential_process", "sso_session", "sso_start_url"};

Unexpected Unauthenticated(std::string message, std::string_view source) {
  return Fail(ErrorCode::kUnauthenticated, std::move(message), "aws:" + std::string(source));
}

Unexpected ForeignWay(const std::string& way) {
  return Fail(ErrorCode::kUnsupported,
              "the profile gets its keys by " + way +
                  ", which is not supported: export them with "
                  "`aws configure export-credentials --format env`",
              "aws:profile");
}

std::string FormOf(const SourceContext& context, const std::string& role, std::string_view token) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(context.clock.Now()).time_since_epoch().count();
  const std::string session = context.settings.Variable("AWS_ROLE_SESSION_NAME")
                                  .value_or("revops-" + std::to_string(seconds));
  return "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + PercentEncoded(role) +
         "&RoleSessionName=" + PercentEncoded(session) +
         "&WebIdentityToken=" + PercentEncoded(token);
}

Result<HttpOrigin> StsOrigin(const AwsSettings& settings) {
  REVOPS_TRY_ASSIGN(const auto region, FindAwsRegion(settings));
  const HttpOrigin usual =
      region ? AwsOrigin("sts", *region) : HttpOrigin{.host = "sts.amazonaws.com"};
  return OriginOr(settings, "AWS_ENDPOINT_URL_STS", usual);
}

}  // namespace

FoundKeys KeysOfEnvironment(const AwsSettings& settings) {
  const auto id = settings.Variable("AWS_ACCESS_KEY_ID");
  const auto secret = settings.Variable("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return std::nullopt;
  if (!id || !secret) {
    return Unauthenticated(
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together; one is missing", "environment");
  }
  return AwsCredentials{*id, *secret, settings.Variable("AWS_SESSION_TOKEN").value_or(""),
                        std::nullopt};
}

FoundKeys KeysOfProfile(const AwsSettings& settings) {
  const AwsProfile profile = ReadProfile(settings);
  if (!profile.is_found && profile.is_named) {
    return Unauthenticated("there is no profile as AWS_PROFILE names it", "profile");
  }
  // Its keys, if there are any, are for taking on the role, not for ours.
  if (profile.value("role_arn")) return ForeignWay("role_arn");
  const auto id = profile.value("aws_access_key_id");
  const auto secret = profile.value("aws_secret_access_key");
  if (id && secret) {
    return AwsCredentials{*id, *secret, profile.value("aws_session_token").value_or(""),
                          std::nullopt};
  }
  if (id || secret) return Unauthenticated("the profile has half a key", "profile");
  for (const char* way : kForeignWays) {
    if (profile.value(way)) return ForeignWay(way);
  }
  return std::nullopt;
}

FoundKeys KeysOfWebIdentity(const SourceContext& context) {
  const auto file = context.settings.Variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!file) return std::nullopt;
  const auto role = context.settings.Variable("AWS_ROLE_ARN");
  if (!role) {
    return Unauthenticated("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not",
                           "web-identity");
  }
  const std::string text = context.settings.read_file(*file).value_or("");
  const std::string_view token = Stripped(text);
  if (token.empty()) {
    return Unauthenticated("the file of AWS_WEB_IDENTITY_TOKEN_FILE is missing or empty",
                           "web-identity");
  }
  ClientRequest request;
  request.method = "POST";
  REVOPS_TRY_ASSIGN(request.origin, StsOrigin(context.settings));
  request.target = "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "text/xml"}};
  request.body = FormOf(context, *role, token);
  request.deadline = context.deadline;
  request.body_bytes_max = kAnswerBytesMax;
  REVOPS_TRY_ASSIGN(const ClientResponse answer,
                    WithContext(context.transport.Send(request), "asking STS"));
  if (answer.status != kOk) {
    return Fail(WithContext(AwsError(answer.status, ReadXmlErrorCode(answer.body)), "asking STS"));
  }
  REVOPS_TRY_ASSIGN(AwsCredentials keys, WithContext(ReadAssumedRole(answer.body), "asking STS"));
  return keys;
}

}  // namespace revops::net
