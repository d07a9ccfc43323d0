#include "core/api/live_coalescer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace revops::api {
namespace {

using Steady = std::chrono::steady_clock;

void Answer(const auto& callers, const LiveAnswer& answer) {
  for (const auto& caller : callers) caller.done(answer);
}

void Stop(const std::vector<std::stop_source>& statements) {
  for (const std::stop_source& statement : statements) statement.request_stop();
}

Unexpected SpentBudget() {
  return Fail(ErrorCode::kResourceExhausted,
              "The budget of live questions a minute is spent; the nightly figures still hold.",
              std::string(kLiveBudgetOrigin));
}

}  // namespace

LiveCoalescer::LiveCoalescer(LiveSales& sales, const Clock& clock, LiveLimits limits)
    : sales_(sales), clock_(clock), limits_(limits), budget_(limits.statements_per_minute, clock) {}

void LiveCoalescer::StartThreads() {
  for (std::size_t i = 0; i < limits_.statements_max; ++i) {
    threads_.emplace_back([this] { RunStatements(); });
  }
  threads_.emplace_back([this] { ExpireCallers(); });
}

LiveCoalescer::~LiveCoalescer() {
  Callers left;
  Stops statements;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    for (auto& [key, lane] : lanes_) {
      for (Callers* callers : {&lane.running, &lane.next}) {
        std::move(callers->begin(), callers->end(), std::back_inserter(left));
        callers->clear();
      }
    }
    statements = TakeAbandoned();
    work_.notify_all();
    expiries_.notify_all();
  }
  Answer(left, Fail(ErrorCode::kCancelled, "The server is stopping."));
  Stop(statements);
  for (std::thread& thread : threads_) thread.join();
}

void LiveCoalescer::Read(const LiveQuestion& question, Done done) {
  const Key key{question.window.start, question.window.end, question.rows_max};
  const auto expires_at = Steady::now() + (question.deadline - clock_.SteadyNow());
  const auto on_stop = std::make_shared<OnStop>();
  std::unique_lock lock(mutex_);
  if (callers_ >= limits_.callers_max || stopped_) {
    lock.unlock();
    done(Fail(ErrorCode::kResourceExhausted, "Too many questions wait for the warehouse."));
    return;
  }
  if (threads_.empty()) StartThreads();
  Lane& lane = lanes_[key];
  if (lane.state == LaneState::kIdle) MakeReady(key, lane);
  if (expires_at < NextExpiry()) expiries_.notify_one();
  const std::uint64_t id = ++last_id_;
  lane.next.push_back({question.deadline, expires_at, std::move(done), id, on_stop});
  ++callers_;
  lock.unlock();
  on_stop->emplace(question.stop, [this, key, id] { Leave(key, id); });
}

void LiveCoalescer::Leave(const Key& key, std::uint64_t id) {
  Callers gone;
  Stops statements;
  {
    const std::scoped_lock lock(mutex_);
    const auto lane = lanes_.find(key);
    if (lane == lanes_.end()) return;
    for (Callers* callers : {&lane->second.running, &lane->second.next}) {
      const auto caller = std::find_if(callers->begin(), callers->end(),
                                       [&](const Caller& each) { return each.id == id; });
      if (caller == callers->end()) continue;
      gone.push_back(std::move(*caller));
      callers->erase(caller);
      --callers_;
    }
    statements = TakeAbandoned();
  }
  Answer(gone, Fail(ErrorCode::kCancelled,
                    "The question was given up: its asker has gone, or the server is stopping."));
  Stop(statements);
}

std::size_t LiveCoalescer::waiting() const {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [key, lane] : lanes_) count += lane.next.size();
  return count;
}

void LiveCoalescer::MakeReady(const Key& key, Lane& lane) {
  lane.state = LaneState::kReady;
  ready_.push_back(key);
  work_.notify_one();
}

void LiveCoalescer::RunStatements() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopped_ || !ready_.empty(); });
    if (stopped_) return;
    const Key key = ready_.front();
    ready_.pop_front();
    RunStatement(key, lock);
  }
}

/// The statement may take as long as the most patient of its callers.
void LiveCoalescer::RunStatement(const Key& key, std::unique_lock<std::mutex>& lock) {
  Lane& lane = lanes_[key];
  if (lane.next.empty()) {  // All of them have given up meanwhile.
    lanes_.erase(key);
    return;
  }
  lane.state = LaneState::kRunning;
  lane.running = std::exchange(lane.next, {});
  lane.stop = std::stop_source();
  LiveQuestion question{.window = {std::get<0>(key), std::get<1>(key)},
                        .rows_max = std::get<2>(key),
                        .deadline = {},
                        .stop = lane.stop.get_token(),
                        .askers = lane.running.size()};
  for (const Caller& caller : lane.running) {
    question.deadline = std::max(question.deadline, caller.deadline);
  }
  lock.unlock();
  Result<LiveRows> rows = budget_.Take() ? sales_.Read(question) : SpentBudget();
  const LiveAnswer answer = rows ? LiveAnswer(std::make_shared<const LiveRows>(*std::move(rows)))
                                 : LiveAnswer(Fail(std::move(rows).error()));
  lock.lock();
  Callers answered = std::exchange(lane.running, {});
  callers_ -= answered.size();
  if (lane.next.empty()) {
    lanes_.erase(key);
  } else {
    MakeReady(key, lane);
  }
  lock.unlock();
  Answer(answered, answer);
  answered.clear();
  lock.lock();
}

Steady::time_point LiveCoalescer::NextExpiry() const {
  auto next = Steady::time_point::max();
  for (const auto& [key, lane] : lanes_) {
    for (const Callers* callers : {&lane.running, &lane.next}) {
      for (const Caller& caller : *callers) next = std::min(next, caller.expires_at);
    }
  }
  return next;
}

void LiveCoalescer::ExpireCallers() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const auto next = NextExpiry();
    if (next == Steady::time_point::max()) {
      expiries_.wait(lock);
    } else {
      expiries_.wait_until(lock, next);
    }
    Callers expired = TakeExpired();
    if (expired.empty()) continue;
    const Stops statements = TakeAbandoned();
    lock.unlock();
    Answer(expired, Fail(ErrorCode::kTimeout, "The warehouse did not answer in time."));
    expired.clear();
    Stop(statements);
    lock.lock();
  }
}

LiveCoalescer::Callers LiveCoalescer::TakeExpired() {
  const auto now = Steady::now();
  Callers expired;
  for (auto& [key, lane] : lanes_) {
    for (Callers* callers : {&lane.running, &lane.next}) {
      const auto kept = std::partition(callers->begin(), callers->end(), [&](const Caller& caller) {
        return caller.expires_at > now;
      });
      std::move(kept, callers->end(), std::back_inserter(expired));
      callers->erase(kept, callers->end());
    }
  }
  callers_ -= expired.size();
  return expired;
}

/// The statements that run for nobody.
LiveCoalescer::Stops LiveCoalescer::TakeAbandoned() {
  Stops statements;
  for (auto& [key, lane] : lanes_) {
    const bool is_abandoned = lane.state == LaneState::kRunning && lane.running.empty();
    if (is_abandoned)
      statements.push_back(std::exchange(lane.stop, std::stop_source(std::nostopstate)));
  }
  return statements;
}

}  // namespace revops::api
