#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/net/aws/credentials.h"
#include "core/net/http_client.h"

namespace revops::net {

/// What a signature holds for.
struct SigningScope {
  std::string region;   ///< "us-east-1"
  std::string service;  ///< "s3", "secretsmanager", "sts"
};

/// Signs with AWS Signature Version 4: adds X-Amz-Date, X-Amz-Content-Sha256 (the body's hash; for
/// S3 alone), X-Amz-Security-Token where there is one, and Authorization. Signed are Host (with a
/// port that is not its scheme's own), Content-Type and every x-amz-* header. The target must be
/// encoded already; for S3 its path is signed as it stands, for other services it is normalised and
/// encoded once more. Headers of an earlier signature are replaced, so that a request may be signed
/// anew for another try.
///
/// Source: docs.aws.amazon.com, "Create a signed AWS API request"
void SignRequest(ClientRequest& request, const AwsCredentials& credentials,
                 const SigningScope& scope, Instant now);

}  // namespace revops::net
