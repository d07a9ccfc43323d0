#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/api/refresh_control.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/store/object_store.h"

namespace revops::lambda {

/// Starts the processor without waiting for it.
class ProcessorStarter {
 public:
  virtual ~ProcessorStarter() = default;
  /// The processor gets `event`, or is going to.
  virtual Result<void> Start(const std::string& event) = 0;
};

/// Refreshes that another function runs: the jobs stand in the store. Thread-safe.
///
/// Two who ask at the same moment may both get a new job; the second finds nothing to do.
class StoredRefresh final : public api::RefreshControl {
 public:
  struct Parts {
    store::ObjectStore& store;
    ProcessorStarter& processor;
    const Clock& clock;
    Random& random;
  };

  /// The parts outlive it.
  explicit StoredRefresh(Parts parts) : parts_(parts) {}

  Result<snapshot::RefreshJob> StartOrJoin(bool& joined) override;
  std::optional<snapshot::RefreshJob> newest() override;
  Result<snapshot::RefreshJob> Find(std::string_view id) override;
  /// The job counts as cancelled at once; the processor sees it with its next step.
  Result<snapshot::RefreshJob> Cancel(std::string_view id) override;

 private:
  const Parts parts_;
};

}  // namespace revops::lambda
