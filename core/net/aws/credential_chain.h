#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

#include "core/base/clock.h"
#include "core/net/aws/credential_sources.h"
#include "core/net/aws/credentials.h"
#include "core/net/aws/settings.h"
#include "core/net/http_client.h"

namespace revops::net {

/// The first source that is set up, in this order:
///
///   1. environment: AWS_ACCESS_KEY_ID … (what Lambda sets)
///   2. web identity: AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (EKS, CI)
///   3. profile: AWS_PROFILE in the shared credentials and config files
///   4. container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI (ECS, EKS pod identity)
///   5. instance: the metadata service of EC2, version 2
///
/// A source that is set up and fails is an error; the next is not asked, which may be somebody
/// else.
///
/// Keys with an end are renewed five minutes before it, by one caller; the others meanwhile get
/// the old ones, or wait until their deadline when there are none. A renewal that fails is not
/// an error while the old ones are valid: it takes five seconds at most and is tried again after
/// ten.
class AwsCredentialChain final : public AwsCredentialSource {
 public:
  struct Config {
    AwsSettings settings;
    HttpTransport& transport;  ///< outlives the chain, as the clock does
    const Clock& clock;
  };

  explicit AwsCredentialChain(Config config);
  ~AwsCredentialChain() override;

  Result<AwsCredentials> Get(Clock::SteadyTime deadline) override;
  void Forget() override;

 private:
  Result<AwsCredentials> Ask(Clock::SteadyTime deadline) const;
  /// What is kept and has not ended; nullptr when there is nothing.
  const AwsCredentials* valid() const;
  bool is_due(const AwsCredentials& keys) const;
  void Keep(const Result<AwsCredentials>& asked);

  const Config config_;
  std::mutex mutex_;
  std::condition_variable renewed_;
  bool is_renewing_ = false;
  std::optional<AwsCredentials> kept_;
  Clock::SteadyTime renew_not_before_;
};

}  // namespace revops::net
