#include "apps/revops/nightly.h"

#include <algorithm>
#include <utility>

#include "core/base/logging.h"
#include "core/snapshot/pointer.h"

namespace revops::app {
namespace {

constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::milliseconds kMoment{200};
constexpr std::chrono::hours kRefreshMax{6};

}  // namespace

Nightly::Nightly(Engine& engine, api::EventHub& events) : engine_(engine), events_(events) {}

Nightly::~Nightly() { Stop(); }

void Nightly::Start() {
  thread_ = std::jthread([this](std::stop_token stop) { Loop(std::move(stop)); });
}

void Nightly::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Nightly::OnJobEnded(const snapshot::RefreshJob& job) {
  const std::scoped_lock lock(mutex_);
  if (job.state == snapshot::JobState::kSucceeded) {
    last_failed_.reset();
    state_ = {};
  } else if (job.requested_by == "schedule" && running_for_) {
    // Somebody who cancels a scheduled run does not want it back at once either.
    scheduler::RecordFailure(state_, *running_for_, engine_.clock().SteadyNow());
  }
  if (job.state == snapshot::JobState::kFailed) {
    last_failed_ = api::FailedRun{*job.error, *job.ended_at};
  }
  job_ended_ = true;
  wake_.notify_all();
}

std::optional<Instant> Nightly::next_run_at() const {
  return engine_.settings().schedule.NextAfter(engine_.clock().Now());
}

std::optional<api::FailedRun> Nightly::last_run_failed() const {
  const std::scoped_lock lock(mutex_);
  return last_failed_;
}

std::vector<std::string> Nightly::not_ready_reasons() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> reasons;
  if (given_up_) reasons.emplace_back("refresh_given_up");
  if (clock_was_ahead_) reasons.emplace_back("schedule_rests_until_a_future_run");
  return reasons;
}

std::optional<std::vector<api::ReceiptDay>> Nightly::receipt() const {
  if (engine_.receipt() == nullptr) return std::nullopt;
  std::vector<api::ReceiptDay> days;
  for (const auto& [day, costs] : engine_.receipt()->days()) {
    days.push_back({.day = day,
                    .statements = costs.statements,
                    .execution = costs.execution,
                    .rows = costs.rows,
                    .bytes = costs.bytes,
                    .avoided_live_questions = costs.avoided_live_questions,
                    .avoided_digests = costs.avoided_digests,
                    .avoided_months = costs.avoided_months});
  }
  return days;
}

void Nightly::Loop(std::stop_token stop) {
  bool job_just_ended = false;
  while (!stop.stop_requested()) {
    events_.Heartbeat(engine_.clock().Now());
    auto ask_again_in = Tick();
    // The end of a job is announced a moment before the job shows it.
    if (job_just_ended) ask_again_in = std::min<std::chrono::milliseconds>(ask_again_in, kMoment);
    std::unique_lock lock(mutex_);
    const auto wait = std::clamp<std::chrono::milliseconds>(ask_again_in, kMoment, kHeartbeat);
    job_just_ended =
        wake_.wait_for(lock, stop, wait, [this] { return std::exchange(job_ended_, false); });
  }
}

std::chrono::milliseconds Nightly::Tick() {
  const auto running = engine_.refresh().newest();
  if (running && !running->has_ended()) {
    CancelOverlongJob();
    return kHeartbeat;
  }
  const auto pointer = snapshot::ReadPointer(engine_.store());
  if (!pointer && pointer.error().code != ErrorCode::kCorrupt) {
    LogError("schedule_cannot_read_pointer", pointer.error());
    return kHeartbeat;
  }
  if (pointer && *pointer) TellOfPointer((*pointer)->pointer.sequence);
  scheduler::Decision decision;
  {
    const std::scoped_lock lock(mutex_);
    state_.last_scheduled_for =
        pointer && *pointer ? (*pointer)->pointer.last_scheduled_for : std::nullopt;
    const Instant now = engine_.clock().Now();
    decision =
        scheduler::Decide(engine_.settings().schedule, state_, now, engine_.clock().SteadyNow());
    given_up_ = decision.given_up;
    clock_was_ahead_ = pointer && *pointer && (*pointer)->pointer.scheduled_ahead_of(now);
    if (decision.run_for) running_for_ = decision.run_for;
  }
  if (!decision.run_for) return decision.ask_again_in;
  bool joined = false;
  const auto job = engine_.refresh().Start(
      {.requested_by = "schedule", .scheduled_for = decision.run_for}, joined);
  if (!job) LogError("scheduled_refresh_not_started", job.error());
  return kHeartbeat;
}

void Nightly::TellOfPointer(std::uint64_t sequence) {
  if (!on_pointer_ || told_sequence_ == sequence) return;
  if (on_pointer_()) told_sequence_ = sequence;
}

void Nightly::CancelOverlongJob() {
  const auto job = engine_.refresh().newest();
  if (!job || !job->started_at || engine_.clock().Now() - *job->started_at < kRefreshMax) return;
  const auto cancelled = engine_.refresh().Cancel(job->id);
  Log(LogLevel::kWarning, "refresh_took_too_long", {{"stopped", cancelled.has_value()}});
}

}  // namespace revops::app
