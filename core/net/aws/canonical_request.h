#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/net/aws/credentials.h"
#include "core/net/aws/sigv4.h"
#include "core/net/http_client.h"

namespace revops::net {

/// How a request becomes the text that is signed.
struct CanonicalForm {
  bool keeps_path = false;   ///< S3: the path as it stands; else normalised and encoded once more
  std::string payload_hash;  ///< hex SHA-256 of the body
  std::function<bool(std::string_view)> is_signed;  ///< by lower-case name; Host always is
};

struct CanonicalRequest {
  std::string text;
  std::string signed_fields;  ///< "host;x-amz-date"
};

CanonicalRequest ToCanonical(const ClientRequest& request, const CanonicalForm& form);

/// The value of the Authorization field.
std::string AuthorizationValue(const CanonicalRequest& request, const AwsCredentials& credentials,
                               const SigningScope& scope, Instant now);

/// Every byte but `A-Za-z0-9-._~` as %XX.
std::string PercentEncoded(std::string_view text);

}  // namespace revops::net
