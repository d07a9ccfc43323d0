#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/aws/credentials.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/warehouse/snowflake/sign_in.h"

namespace revops::warehouse {

/// Who asks AWS. The references outlive what is made of it.
struct AwsCaller {
  net::AwsSettings settings;
  net::HttpTransport& transport;
  net::AwsCredentialSource& credentials;
  const Clock& clock;
  Random& random;
  net::Pause& pause;
};

/// A secret of Secrets Manager, by its name or ARN; each reading takes eight seconds at most.
ReadSecret SecretOfAws(AwsCaller caller, std::string id);

/// The token of GetWebIdentityToken for Snowflake, for five minutes each; asking takes eight
/// seconds at most. Source: docs.snowflake.com, "Workload identity federation"
AskIdentity IdentityOfAws(AwsCaller caller);

}  // namespace revops::warehouse
