#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
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

  /// Called whenever the pointer has moved, by whom ever: another process may publish into the same
  /// store. False: that came to nothing, call again. Before Start().
  void set_pointer_listener(std::function<bool()> listener) { on_pointer_ = std::move(listener); }

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
  std::optional<std::vector<api::ReceiptDay>> receipt() const override;

 private:
  void Loop(std::stop_token stop);
  void CancelOverlongJob();
  void TellOfPointer(std::uint64_t sequence);

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
  std::function<bool()> on_pointer_;
  std::optional<std::uint64_t> told_sequence_;  ///< of the thread that ticks
  std::jthread thread_;
};

}  // namespace revops::app
