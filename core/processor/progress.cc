#include "core/processor/progress.h"

#include <utility>

namespace revops::processor {

void Progress::Start(snapshot::RefreshStep step, std::string unit,
                     std::optional<std::uint64_t> total) {
  End(snapshot::StepState::kDone);
  step_ = step;
  has_begun_[static_cast<std::size_t>(step)] = true;
  progress_ = {snapshot::StepState::kRunning, 0, total, std::move(unit)};
  Report(step, progress_);
}

void Progress::Advance(std::uint64_t by) {
  progress_.done += by;
  if (step_) Report(*step_, progress_);
}

void Progress::Skip(snapshot::RefreshStep step) {
  End(snapshot::StepState::kDone);
  has_begun_[static_cast<std::size_t>(step)] = true;
  Report(step, {snapshot::StepState::kSkipped, 0, std::nullopt, {}});
}

void Progress::Finish() {
  End(snapshot::StepState::kDone);
  for (std::size_t i = 0; i < has_begun_.size(); ++i) {
    if (!has_begun_[i]) Skip(static_cast<snapshot::RefreshStep>(i));
  }
}

void Progress::Fail() { End(snapshot::StepState::kFailed); }

void Progress::End(snapshot::StepState state) {
  if (!step_) return;
  progress_.state = state;
  Report(*step_, progress_);
  step_.reset();
}

void Progress::Reset() {
  step_.reset();
  has_begun_ = {};
  for (std::size_t i = 0; i < snapshot::kRefreshStepCount; ++i) {
    Report(static_cast<snapshot::RefreshStep>(i), {});
  }
}

Result<void> Progress::CheckStop() const {
  if (!request_.stop.stop_requested()) return {};
  return revops::Fail(ErrorCode::kCancelled, "the refresh was stopped");
}

void Progress::Report(snapshot::RefreshStep step, const snapshot::StepProgress& progress) const {
  if (request_.on_progress) request_.on_progress(step, progress);
}

}  // namespace revops::processor
