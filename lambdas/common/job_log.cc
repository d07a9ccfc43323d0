#include "lambdas/common/job_log.h"

#include <chrono>
#include <string>
#include <utility>

#include "core/base/logging.h"

namespace revops::lambda {
namespace {

constexpr auto kSaveInterval = std::chrono::seconds(2);

}  // namespace

JobLog::JobLog(store::ObjectStore& store, const Clock& clock, StoredJob stored,
               std::stop_source stop)
    : store_(store), clock_(clock), job_(std::move(stored.job)), stop_(std::move(stop)) {
  if (!stored.version.empty()) version_ = std::move(stored.version);
}

void JobLog::Begin() {
  job_.state = snapshot::JobState::kRunning;
  job_.started_at = clock_.Now();
  Save();
}

void JobLog::Move(snapshot::RefreshStep step, const snapshot::StepProgress& progress) {
  snapshot::StepProgress& kept = job_.steps[static_cast<std::size_t>(step)];
  const bool has_turned = kept.state != progress.state;
  kept = progress;
  if (has_turned || clock_.SteadyNow() - saved_at_ >= kSaveInterval) Save();
}

void JobLog::End(const Result<processor::RefreshReport>& result) {
  job_.ended_at = clock_.Now();
  if (result) {
    job_.state = snapshot::JobState::kSucceeded;
    job_.outcome =
        result->outcome == processor::RefreshOutcome::kPublished ? "published" : "unchanged";
    job_.snapshot_id = result->snapshot_id;
    job_.rows = result->rows;
    job_.changed_days = result->changed_days;
  } else {
    const bool cancelled = result.error().code == ErrorCode::kCancelled;
    job_.state = cancelled ? snapshot::JobState::kCancelled : snapshot::JobState::kFailed;
    job_.error = result.error();
  }
  // Also over a cancellation that came too late: this is what happened.
  if (const auto saved = snapshot::SaveJob(store_, job_); !saved) {
    LogError("refresh_job_not_saved", saved.error());
  }
}

/// Nobody but who cancels it writes a job that runs.
void JobLog::Save() {
  saved_at_ = clock_.SteadyNow();
  auto saved = PutJob(store_, job_, version_);
  if (saved) {
    version_ = *std::move(saved);
    return;
  }
  LogError("refresh_job_not_saved", saved.error());
  if (saved.error().code != ErrorCode::kAlreadyExists) return;
  auto found = FindJob(store_, job_.id);
  if (!found) return;
  version_ = std::move(found->version);
  if (found->job.state == snapshot::JobState::kCancelled) stop_.request_stop();
}

}  // namespace revops::lambda
