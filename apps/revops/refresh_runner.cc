#include "apps/revops/refresh_runner.h"

#include <utility>

#include "core/base/logging.h"
#include "core/snapshot/verify.h"

namespace revops::app {

RefreshRunner::~RefreshRunner() { Stop(); }

processor::RefreshConfig RefreshRunner::config() const {
  const std::scoped_lock lock(mutex_);
  return parts_.config;
}

void RefreshRunner::set_definitions(const sales::Definitions& definitions) {
  const std::scoped_lock lock(mutex_);
  parts_.config.definitions = definitions;
}

void RefreshRunner::set_listener(Listener listener) {
  const std::scoped_lock lock(mutex_);
  listener_ = std::move(listener);
}

Result<snapshot::RefreshJob> RefreshRunner::StartOrJoin(bool& joined) {
  return Start({.requested_by = "person"}, joined);
}

Result<snapshot::RefreshJob> RefreshRunner::Start(Order order, bool& joined) {
  const std::scoped_lock lock(mutex_);
  joined = job_ && !job_->has_ended();
  if (joined) return *job_;
  if (stopped_) return Fail(ErrorCode::kUnavailable, "the server is stopping");
  if (thread_.joinable()) thread_.join();
  order.reads_anew = order.reads_anew || doubt_();
  job_.emplace();
  job_->id = NewId(parts_.random);
  job_->requested_by = order.requested_by;
  job_->state = snapshot::JobState::kRunning;
  job_->started_at = parts_.clock.Now();
  result_.reset();
  thread_ =
      std::jthread([this, order = std::move(order)](std::stop_token stop) { Run(order, stop); });
  return *job_;
}

std::optional<snapshot::RefreshJob> RefreshRunner::newest() {
  const std::scoped_lock lock(mutex_);
  return job_;
}

Result<snapshot::RefreshJob> RefreshRunner::Find(std::string_view id) {
  {
    const std::scoped_lock lock(mutex_);
    if (job_ && job_->id == id) return *job_;
  }
  return snapshot::LoadJob(parts_.store, id);
}

Result<snapshot::RefreshJob> RefreshRunner::Cancel(std::string_view id) {
  {
    const std::scoped_lock lock(mutex_);
    if (job_ && job_->id == id && !job_->has_ended()) {
      thread_.request_stop();
      return *job_;
    }
  }
  REVOPS_TRY_ASSIGN(const auto job, Find(id));
  return Fail(ErrorCode::kAlreadyExists,
              "the refresh has already ended: " + std::string(ToString(job.state)));
}

Result<processor::RefreshReport> RefreshRunner::Wait(const std::string& id, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!job_ || job_->id != id) return Fail(ErrorCode::kNotFound, "no such refresh");
  const auto has_ended = [&] { return job_->id != id || result_.has_value(); };
  if (!ended_.wait(lock, stop, has_ended)) return Fail(ErrorCode::kCancelled, "cancelled");
  if (job_->id != id) return Fail(ErrorCode::kNotFound, "the refresh has ended");
  return *result_;
}

Result<processor::RefreshReport> RefreshRunner::RunAnew(const Order& order,
                                                        const std::stop_token& stop) {
  for (;;) {
    bool joined = false;
    REVOPS_TRY_ASSIGN(const auto job, Start(order, joined));
    auto report = Wait(job.id, stop);
    if (!joined || stop.stop_requested()) return report;
  }
}

void RefreshRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void RefreshRunner::Run(const Order& order, std::stop_token stop) {
  Announce(*newest(), true);
  prepare_();
  processor::RefreshRequest request;
  request.scheduled_for = order.scheduled_for;
  request.reads_anew = order.reads_anew;
  request.stop = stop;
  request.on_progress = [this](snapshot::RefreshStep step, const snapshot::StepProgress& progress) {
    {
      const std::scoped_lock lock(mutex_);
      job_->steps[static_cast<std::size_t>(step)] = progress;
    }
    Announce(*newest(), false);
  };
  End(processor::Refresh(parts_.warehouse, parts_.store, parts_.clock, config(), request));
}

void RefreshRunner::CollectOldSnapshots() {
  const auto collected = snapshot::Collect(parts_.store, parts_.clock.Now());
  if (!collected) LogError("collection_failed", collected.error());
}

void RefreshRunner::End(Result<processor::RefreshReport> result) {
  std::optional<snapshot::RefreshJob> ended = newest();
  ended->ended_at = parts_.clock.Now();
  if (result) {
    ended->state = snapshot::JobState::kSucceeded;
    ended->outcome =
        result->outcome == processor::RefreshOutcome::kPublished ? "published" : "unchanged";
    ended->snapshot_id = result->snapshot_id;
    ended->rows = result->rows;
    ended->changed_days = result->changed_days;
    if (parts_.costs != nullptr) {
      parts_.costs->Count(
          {.avoided_digests = result->digests_avoided, .avoided_months = result->months_avoided});
    }
    Log(LogLevel::kInfo, "refresh_finished",
        {{"snapshot", result->snapshot_id},
         {"rows", static_cast<std::int64_t>(result->rows)},
         {"published", result->outcome == processor::RefreshOutcome::kPublished}});
  } else {
    const bool cancelled = result.error().code == ErrorCode::kCancelled;
    ended->state = cancelled ? snapshot::JobState::kCancelled : snapshot::JobState::kFailed;
    ended->error = result.error();
    LogError("refresh_failed", result.error());
  }
  // Whoever sees the job as ended may rely on its snapshot being served; and Start joins the thread
  // of an ended job under the lock, so that nothing may take the lock after this.
  Announce(*ended, true);
  if (ended->outcome == "published") CollectOldSnapshots();
  const std::scoped_lock lock(mutex_);
  job_ = std::move(ended);
  result_ = std::move(result);
  ended_.notify_all();
}

void RefreshRunner::Announce(const snapshot::RefreshJob& job, bool save) {
  Listener listener;
  {
    const std::scoped_lock lock(mutex_);
    listener = listener_;
  }
  if (save) {
    if (const auto saved = snapshot::SaveJob(parts_.store, job); !saved) {
      LogError("refresh_job_not_saved", saved.error());
    }
  }
  if (listener) listener(job);
}

}  // namespace revops::app
