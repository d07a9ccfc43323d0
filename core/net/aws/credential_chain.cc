#include "core/net/aws/credential_chain.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <openssl/crypto.h>

#include "core/base/logging.h"

namespace revops::net {
namespace {

constexpr std::chrono::minutes kRenewBefore{5};
constexpr std::chrono::seconds kRenewPause{10};
/// A caller who could do with the old ones does not wait longer.
constexpr std::chrono::seconds kRenewPatience{5};

void Wipe(std::optional<AwsCredentials>& keys) {
  if (!keys) return;
  OPENSSL_cleanse(keys->secret_access_key.data(), keys->secret_access_key.size());
  OPENSSL_cleanse(keys->session_token.data(), keys->session_token.size());
  keys.reset();
}

Unexpected NoneAnywhere() {
  return Fail(
      ErrorCode::kUnauthenticated,
      "no AWS credentials: not in AWS_ACCESS_KEY_ID, no AWS_WEB_IDENTITY_TOKEN_FILE, none in "
      "the profile (AWS_PROFILE, ~/.aws/credentials), no "
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and the instance metadata service has none "
      "or does not answer (in a container, its hop limit must be 2)",
      "aws:credentials");
}

}  // namespace

AwsCredentialChain::AwsCredentialChain(Config config) : config_(std::move(config)) {}

AwsCredentialChain::~AwsCredentialChain() { Wipe(kept_); }

Result<AwsCredentials> AwsCredentialChain::Ask(Clock::SteadyTime deadline) const {
  const SourceContext context = {config_.settings, config_.transport, config_.clock, deadline};
  FoundKeys found = KeysOfEnvironment(config_.settings);
  if (found && !*found) found = KeysOfWebIdentity(context);
  if (found && !*found) found = KeysOfProfile(config_.settings);
  if (found && !*found) found = KeysOfContainer(context);
  if (found && !*found) found = KeysOfInstance(context);
  if (!found) return Fail(WithContext(std::move(found).error(), "AWS credentials"));
  const std::optional<AwsCredentials>& keys = *found;
  if (!keys) return NoneAnywhere();
  if (keys->expires_at && *keys->expires_at <= config_.clock.Now()) {
    return Fail(ErrorCode::kUnauthenticated,
                "the AWS credentials had ended when they came: check this machine's clock",
                "aws:credentials");
  }
  return *keys;
}

const AwsCredentials* AwsCredentialChain::valid() const {
  if (!kept_ || (kept_->expires_at && config_.clock.Now() >= *kept_->expires_at)) return nullptr;
  return &*kept_;
}

bool AwsCredentialChain::is_due(const AwsCredentials& keys) const {
  return keys.expires_at && config_.clock.Now() >= *keys.expires_at - kRenewBefore &&
         config_.clock.SteadyNow() >= renew_not_before_;
}

void AwsCredentialChain::Keep(const Result<AwsCredentials>& asked) {
  renew_not_before_ = config_.clock.SteadyNow() + kRenewPause;
  if (asked) {
    Wipe(kept_);
    kept_ = *asked;
  } else if (valid() != nullptr) {
    LogError("aws_credentials_not_renewed", asked.error());
  }
}

Result<AwsCredentials> AwsCredentialChain::Get(Clock::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  while (true) {
    const AwsCredentials* keys = valid();
    if (keys != nullptr && (is_renewing_ || !is_due(*keys))) return *keys;
    if (!is_renewing_) break;
    const auto left = deadline - config_.clock.SteadyNow();
    if (left <= left.zero() || renewed_.wait_for(lock, left) == std::cv_status::timeout) {
      return Fail(ErrorCode::kTimeout, "the AWS credentials were not there in time",
                  "aws:credentials");
    }
  }
  is_renewing_ = true;
  if (valid() != nullptr) deadline = std::min(deadline, config_.clock.SteadyNow() + kRenewPatience);
  lock.unlock();
  Result<AwsCredentials> asked = Ask(deadline);
  lock.lock();
  is_renewing_ = false;
  Keep(asked);
  if (const AwsCredentials* keys = valid(); !asked && keys != nullptr) asked = *keys;
  lock.unlock();
  renewed_.notify_all();
  return asked;
}

void AwsCredentialChain::Forget() {
  const std::scoped_lock lock(mutex_);
  Wipe(kept_);
}

}  // namespace revops::net
