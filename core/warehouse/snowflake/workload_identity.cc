#include "core/warehouse/snowflake/workload_identity.h"

#include <utility>

#include "core/base/logging.h"

namespace revops::warehouse {
namespace {

constexpr std::chrono::seconds kPauseAfterFailure{10};

}  // namespace

WorkloadIdentity::WorkloadIdentity(AskIdentity ask, const Clock& clock)
    : ask_(std::move(ask)), clock_(clock) {}

/// By either clock: a wall clock may be set back, steady time stands still while a machine sleeps.
bool WorkloadIdentity::is_older(std::chrono::milliseconds age) const {
  const auto wall = clock_.Now() - kept_->asked_at;
  return wall >= age || wall < wall.zero() || clock_.SteadyNow() - kept_->steady_asked_at >= age;
}

Result<AuthToken> WorkloadIdentity::Token() {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool is_valid = kept_ && !is_older(kept_->lifetime);
    const bool is_due = !is_valid || is_older(kept_->lifetime / 5 * 4);
    const bool may_ask = !is_asking_ && (!is_valid || clock_.SteadyNow() >= ask_not_before_);
    if (is_due && may_ask) {
      const Result<void> asked = Ask(lock);
      if (!asked && !is_valid) return Fail(asked.error());
      if (!asked) LogError("workload_identity_not_renewed", asked.error());
    } else if (is_valid) {
      return AuthToken{kWorkloadIdentityType, kept_->token};
    } else {
      has_asked_.wait(lock, [&] { return !is_asking_; });
    }
  }
}

/// The lock is let go meanwhile.
Result<void> WorkloadIdentity::Ask(std::unique_lock<std::mutex>& lock) {
  is_asking_ = true;
  const Instant now = clock_.Now();
  const auto steady_now = clock_.SteadyNow();
  lock.unlock();
  Result<IdentityToken> token = ask_();
  lock.lock();
  is_asking_ = false;
  has_asked_.notify_all();
  if (!token) {
    ask_not_before_ = clock_.SteadyNow() + kPauseAfterFailure;
    return Fail(token.error());
  }
  kept_ = Kept{std::move(token->token), now, steady_now, token->lifetime};
  return {};
}

bool WorkloadIdentity::Renew(const AuthToken& refused, std::optional<Instant> /*server_now*/) {
  const std::scoped_lock lock(mutex_);
  if (kept_ && kept_->token == refused.token) kept_.reset();
  return true;
}

}  // namespace revops::warehouse
