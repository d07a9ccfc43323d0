#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "core/api/refresh_control.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/processor/refresh.h"
#include "core/snapshot/job.h"
#include "core/store/object_store.h"
#include "core/warehouse/costs.h"
#include "core/warehouse/warehouse.h"

namespace revops::app {

/// Runs the nightly job on a thread of its own, one at a time; who asks while it runs joins.
/// Thread-safe.
class RefreshRunner final : public api::RefreshControl {
 public:
  struct Parts {
    warehouse::Warehouse& warehouse;
    store::ObjectStore& store;
    const Clock& clock;
    Random& random;
    processor::RefreshConfig config;
    warehouse::CostRecorder* costs = nullptr;  ///< nullptr: nobody counts
  };
  /// Told of every step of a job, and last of its end; on the job's thread.
  using Listener = std::function<void(const snapshot::RefreshJob&)>;

  explicit RefreshRunner(Parts parts) : parts_(std::move(parts)) {}
  ~RefreshRunner() override;

  /// What every snapshot is made under.
  processor::RefreshConfig config() const;
  /// For every job that starts from now on.
  void set_definitions(const sales::Definitions& definitions);

  void set_listener(Listener listener);
  /// Asked when a job starts: whether the newest snapshot cannot be served, so that the job must
  /// read anew. Set before anything starts.
  void set_doubt(std::function<bool()> doubt) { doubt_ = std::move(doubt); }

  /// Called on the job's thread before it reads anything. Set before anything starts.
  void set_preparation(std::function<void()> prepare) { prepare_ = std::move(prepare); }

  Result<snapshot::RefreshJob> StartOrJoin(bool& joined) override;
  std::optional<snapshot::RefreshJob> newest() override;
  Result<snapshot::RefreshJob> Find(std::string_view id) override;
  Result<snapshot::RefreshJob> Cancel(std::string_view id) override;

  struct Order {
    std::string requested_by;  ///< "schedule", "command", "person"
    std::optional<Instant> scheduled_for = std::nullopt;
    bool reads_anew = false;
  };
  /// The same on behalf of the schedule or a command.
  Result<snapshot::RefreshJob> Start(Order order, bool& joined);
  /// Waits for the end of the job; the stop token ends the waiting, not the job.
  /// Errors: the job's; kNotFound for a job that is not the newest.
  Result<processor::RefreshReport> Wait(const std::string& id, std::stop_token stop);

  /// Runs a job that begins after this call: one that is under way may have read before, and is
  /// waited for first. Errors: as Wait.
  Result<processor::RefreshReport> RunAnew(const Order& order, const std::stop_token& stop);

  /// Cancels what runs and takes nothing new.
  void Stop();

 private:
  void Run(const Order& order, std::stop_token stop);
  /// A publisher tidies up, whoever asked it: nobody else may ever run on this store.
  void CollectOldSnapshots();
  void End(Result<processor::RefreshReport> result);
  void Announce(const snapshot::RefreshJob& job, bool save);

  Parts parts_;
  Listener listener_;
  std::function<bool()> doubt_ = [] { return false; };
  std::function<void()> prepare_ = [] {};
  mutable std::mutex mutex_;
  std::condition_variable_any ended_;
  bool stopped_ = false;
  std::optional<snapshot::RefreshJob> job_;
  std::optional<Result<processor::RefreshReport>> result_;
  std::jthread thread_;
};

}  // namespace revops::app
