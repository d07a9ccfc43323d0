#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/warehouse/snowflake/credentials.h"

namespace revops::warehouse {

/// A token by which a cloud says who runs us.
struct IdentityToken {
  Secret token;                   ///< as Snowflake takes it: "WIF.AWS.eyJ…"
  std::chrono::seconds lifetime;  ///< from when it was asked for
};

/// Asks the cloud for one.
using AskIdentity = std::function<Result<IdentityToken>()>;

/// Credentials without a secret of our own: the cloud's token, asked for when it is first needed
/// and again when a fifth of its time is left, by one thread; the others meanwhile get the old one,
/// or wait when there is none. A renewal that fails is no error while the old one is valid, and is
/// tried again after ten seconds. Thread-safe.
class WorkloadIdentity final : public Credentials {
 public:
  /// `clock` outlives it.
  WorkloadIdentity(AskIdentity ask, const Clock& clock);

  Result<AuthToken> Token() override;
  bool Renew(const AuthToken& refused, std::optional<Instant> server_now) override;

 private:
  struct Kept {
    Secret token;
    Instant asked_at;
    Clock::SteadyTime steady_asked_at;
    std::chrono::milliseconds lifetime;
  };

  bool is_older(std::chrono::milliseconds age) const;
  Result<void> Ask(std::unique_lock<std::mutex>& lock);

  const AskIdentity ask_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable has_asked_;
  bool is_asking_ = false;
  std::optional<Kept> kept_;
  Clock::SteadyTime ask_not_before_;
};

}  // namespace revops::warehouse
