#pragma once

#include <optional>
#include <stop_token>

#include "core/base/clock.h"
#include "core/processor/refresh.h"
#include "core/snapshot/job.h"
#include "core/store/object_store.h"
#include "lambdas/common/stored_jobs.h"

namespace revops::lambda {

/// Keeps a running job's record in the store up to date, and sees there that it was cancelled. A
/// record that cannot be written does not end the run. For the thread that runs the job.
class JobLog {
 public:
  /// `stop` is triggered when the job was cancelled. The references outlive it.
  JobLog(store::ObjectStore& store, const Clock& clock, StoredJob stored, std::stop_source stop);

  /// Marks the job as running.
  void Begin();
  /// Written at the beginning and end of each step and every two seconds between.
  void Move(snapshot::RefreshStep step, const snapshot::StepProgress& progress);
  void End(const Result<processor::RefreshReport>& result);

 private:
  void Save();

  store::ObjectStore& store_;
  const Clock& clock_;
  snapshot::RefreshJob job_;
  std::optional<store::Version> version_;  ///< nullopt: not written yet
  std::stop_source stop_;
  Clock::SteadyTime saved_at_;
};

}  // namespace revops::lambda
