#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/net/aws/credentials.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"

namespace revops::net {

/// nullopt: this source is not set up here. An error: it is, and does not work.
using FoundKeys = Result<std::optional<AwsCredentials>>;

struct SourceContext {
  const AwsSettings& settings;
  HttpTransport& transport;
  const Clock& clock;
  Clock::SteadyTime deadline;
};

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
/// Errors: kUnauthenticated for one of the first two alone.
FoundKeys KeysOfEnvironment(const AwsSettings& settings);

/// The keys of a profile, also temporary ones.
/// Errors: kUnauthenticated when AWS_PROFILE names one that is not there, and for half a key;
///         kUnsupported for a role to be taken on, and without keys for SSO and a process.
FoundKeys KeysOfProfile(const AwsSettings& settings);

/// AWS_ROLE_ARN taken on with the token of AWS_WEB_IDENTITY_TOKEN_FILE, by an unsigned
/// AssumeRoleWithWebIdentity to STS: that of the region, the global one where there is no region,
/// or AWS_ENDPOINT_URL_STS.
/// Errors: kUnauthenticated when the role or the file is missing; the table of errors.h.
FoundKeys KeysOfWebIdentity(const SourceContext& context);

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI (ECS, EKS pod identity), with the token of
/// AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN.
/// Errors: kInvalidArgument for an address that may not be asked: plain HTTP goes to this machine,
///         169.254.170.2, 169.254.170.23 and fd00:ec2::23 alone.
FoundKeys KeysOfContainer(const SourceContext& context);

/// The role of the EC2 instance, by version 2 of its metadata service, with a second for each of
/// three requests. Set up: unless AWS_EC2_METADATA_DISABLED is "true", where the service answers
/// and knows a role.
FoundKeys KeysOfInstance(const SourceContext& context);

}  // namespace revops::net
