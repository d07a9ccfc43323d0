#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/processor/refresh.h"

namespace revops::processor {

/// Tells whoever follows the refresh how far it is, and it when to stop.
class Progress {
 public:
  explicit Progress(const RefreshRequest& request) : request_(request) {}

  /// Begins a step; the one before is done.
  void Start(snapshot::RefreshStep step, std::string unit,
             std::optional<std::uint64_t> total = std::nullopt);
  void Advance(std::uint64_t by);
  void Skip(snapshot::RefreshStep step);
  /// The running step is done, and those that have not run are skipped.
  void Finish();
  /// The running step failed.
  void Fail();
  /// All steps are to come again.
  void Reset();

  /// kCancelled once a stop was asked for.
  Result<void> CheckStop() const;

 private:
  void Report(snapshot::RefreshStep step, const snapshot::StepProgress& progress) const;
  void End(snapshot::StepState state);

  const RefreshRequest& request_;
  std::optional<snapshot::RefreshStep> step_;
  snapshot::StepProgress progress_;
  std::array<bool, snapshot::kRefreshStepCount> has_begun_{};
};

}  // namespace revops::processor
