#pragma once

#include <memory>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credential_chain.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/warehouse/snowflake/aws_sources.h"

namespace revops::app {

/// What it takes to ask AWS as whoever runs the program. Requests are dated by the machine's clock,
/// also where the program's is frozen.
class AwsAccess {
 public:
  /// Asks nobody yet. Errors: kInvalidArgument when the CA file cannot be read.
  static Result<std::unique_ptr<AwsAccess>> Open();

  const net::AwsSettings& settings() const { return settings_; }
  /// Both this and `random` outlive what is made of it.
  warehouse::AwsCaller caller(Random& random) {
    return {settings_, *http_, *credentials_, clock_, random, pause_};
  }

 private:
  AwsAccess();

  const net::AwsSettings settings_;
  SystemClock clock_;
  net::SystemPause pause_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<net::AwsCredentialChain> credentials_;
};

}  // namespace revops::app
