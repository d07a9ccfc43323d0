#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/net/aws/credentials.h"

namespace revops::net {

inline constexpr int kOk = 200;
inline constexpr std::size_t kAnswerBytesMax = std::size_t{256} * 1024;

/// Keys as containers and instance metadata give them: JSON with AccessKeyId, SecretAccessKey,
/// Token and Expiration.
/// Errors: kCorrupt, without a word of the answer.
Result<AwsCredentials> ReadCredentialsJson(std::string_view body);

/// Keys out of the answer of STS to AssumeRoleWithWebIdentity, which is XML.
/// Errors: kCorrupt, without a word of the answer.
Result<AwsCredentials> ReadAssumedRole(std::string_view body);

/// The text of a secret, out of the answer of Secrets Manager to GetSecretValue.
/// Errors: kUnsupported for a secret of bytes, kCorrupt; without a word of the answer.
Result<std::string> ReadSecretString(std::string_view body);

/// The token out of the answer of STS to GetWebIdentityToken, which is XML: a signed JWT.
/// Errors: kCorrupt, without a word of the answer.
Result<Secret> ReadWebIdentityToken(std::string_view body);

/// The code of a failure that is described in XML, "ExpiredTokenException"; empty where there is
/// none.
std::string ReadXmlErrorCode(std::string_view body);

/// The code of a failure that is described in JSON: `__type`, without its namespace, or `code`;
/// empty where there is none.
std::string ReadJsonErrorCode(std::string_view body);

}  // namespace revops::net
