#include "core/api/live_coalescer.h"

#include <utility>

namespace revops::api {

Result<std::shared_ptr<const LiveRows>> LiveCoalescer::Read(const LiveQuestion& question) {
  const Key key{question.window.start, question.window.end, question.rows_max};
  while (true) {
    if (std::optional<Answer> answer = ReadOnce(key, question)) return *std::move(answer);
  }
}

std::size_t LiveCoalescer::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

std::optional<LiveCoalescer::Answer> LiveCoalescer::ReadOnce(const Key& key,
                                                             const LiveQuestion& question) {
  std::unique_lock lock(mutex_);
  Lane& lane = lanes_[key];
  if (!lane.next) lane.next = std::make_shared<Flight>();
  const std::shared_ptr<Flight> flight = lane.next;
  while (!flight->answer) {
    if (!flight->began && !lane.running) return Lead(key, flight, question, lock);
    ++waiting_;
    const std::cv_status waited = ended_.wait_until(lock, question.deadline);
    --waiting_;
    if (waited == std::cv_status::timeout && !flight->answer) {
      return Fail(ErrorCode::kTimeout, "The warehouse did not answer in time.");
    }
  }
  const bool timed_out = !*flight->answer && flight->answer->error().code == ErrorCode::kTimeout;
  if (timed_out && Clock::SteadyTime::clock::now() < question.deadline) return std::nullopt;
  return flight->answer;
}

LiveCoalescer::Answer LiveCoalescer::Lead(const Key& key, const std::shared_ptr<Flight>& flight,
                                          const LiveQuestion& question,
                                          std::unique_lock<std::mutex>& lock) {
  Lane& lane = lanes_[key];
  flight->began = true;
  lane.running = flight;
  lane.next = nullptr;
  lock.unlock();
  Result<LiveRows> rows = sales_.Read(question);
  Answer answer = rows ? Answer(std::make_shared<const LiveRows>(*std::move(rows)))
                       : Answer(Fail(std::move(rows).error()));
  lock.lock();
  flight->answer = answer;
  lane.running = nullptr;
  if (!lane.next) lanes_.erase(key);
  ended_.notify_all();
  return answer;
}

}  // namespace revops::api
