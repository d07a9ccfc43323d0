#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/revops/engine.h"
#include "core/api/deployment.h"
#include "core/api/event_hub.h"
#include "core/scheduler/due.h"

namespace revops::app {

/// Starts the nightly job when it is due, tries failed runs again, and keeps event streams alive.
class Nightly final : public api::DeploymentStatus {
 public:
  Nightly(Engine& engine, api::EventHub& events);
  ~Nightly() override;

  void Start();
  void Stop();

  /// Looks at the clock once: starts what is due, or cancels what takes too long. How long it may
  /// take until the next look. Start() does this on a thread of its own.
  std::chrono::milliseconds Tick();

  /// To be told of every job that has ended, whoever asked for it.
  void OnJobEnded(const snapshot::RefreshJob& job);

  std::optional<Instant> next_run_at() const override;
  std::optional<api::FailedRun> last_run_failed() const override;
  std::vector<std::string> not_ready_reasons() const override;

 private:
  void Loop(std::stop_token stop);
  void CancelOverlongJob();

  Engine& engine_;
  api::EventHub& events_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  bool job_ended_ = false;
  scheduler::ScheduleState state_;
  std::optional<Instant> running_for_;  ///< what the newest scheduled run serves
  std::optional<api::FailedRun> last_failed_;
  bool given_up_ = false;
  bool clock_was_ahead_ = false;  ///< when the last run was published
  std::jthread thread_;
};

}  // namespace revops::app
