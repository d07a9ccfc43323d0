#include "lambdas/common/stored_refresh.h"

#include <utility>

#include "core/base/logging.h"
#include "lambdas/common/stored_jobs.h"

namespace revops::lambda {
namespace {

constexpr int kCancelTries = 5;

Unexpected HasEnded(const snapshot::RefreshJob& job) {
  return Fail(ErrorCode::kAlreadyExists,
              "the refresh has already ended: " + std::string(snapshot::ToString(job.state)));
}

}  // namespace

Result<snapshot::RefreshJob> StoredRefresh::StartOrJoin(bool& joined) {
  REVOPS_TRY_ASSIGN(auto newest, FindNewestJob(parts_.store, parts_.clock.Now()));
  joined = newest && !newest->job.has_ended();
  if (joined) return std::move(newest->job);
  snapshot::RefreshJob job;
  job.id = NewId(parts_.random);
  job.requested_by = "person";
  job.state = snapshot::JobState::kQueued;
  REVOPS_TRY_ASSIGN(const store::Version version, PutJob(parts_.store, job, std::nullopt));
  const Result<void> started = parts_.processor.Start("{\"job\":\"" + job.id + "\"}");
  if (started) return job;
  job.state = snapshot::JobState::kFailed;
  job.ended_at = parts_.clock.Now();
  job.error = started.error();
  if (const auto saved = PutJob(parts_.store, job, version); !saved) {
    LogError("refresh_job_not_saved", saved.error());
  }
  return Fail(WithContext(started.error(), "starting the processor"));
}

std::optional<snapshot::RefreshJob> StoredRefresh::newest() {
  auto newest = FindNewestJob(parts_.store, parts_.clock.Now());
  if (!newest) LogError("refresh_jobs_not_read", newest.error());
  if (!newest || !*newest) return std::nullopt;
  return std::move((*newest)->job);
}

Result<snapshot::RefreshJob> StoredRefresh::Find(std::string_view id) {
  REVOPS_TRY_ASSIGN(StoredJob found, FindJob(parts_.store, id));
  return std::move(found.job);
}

Result<snapshot::RefreshJob> StoredRefresh::Cancel(std::string_view id) {
  for (int tries = 1;; ++tries) {
    REVOPS_TRY_ASSIGN(StoredJob found, FindJob(parts_.store, id));
    if (found.job.has_ended()) return HasEnded(found.job);
    found.job.state = snapshot::JobState::kCancelled;
    found.job.ended_at = parts_.clock.Now();
    const auto saved = PutJob(parts_.store, found.job, found.version);
    if (saved) return std::move(found.job);
    if (saved.error().code != ErrorCode::kAlreadyExists || tries == kCancelTries) {
      return Fail(saved.error());
    }
  }
}

}  // namespace revops::lambda
