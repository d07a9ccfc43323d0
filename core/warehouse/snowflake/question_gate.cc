#include "core/warehouse/snowflake/question_gate.h"

namespace revops::warehouse {

QuestionGate::Turn::~Turn() {
  {
    const std::scoped_lock lock(gate_.mutex_);
    gate_.asked_.erase(question_);
  }
  gate_.left_.notify_all();
}

std::optional<Submission> QuestionGate::Turn::unsettled(Clock::SteadyTime now) const {
  const std::scoped_lock lock(gate_.mutex_);
  const auto found = gate_.unsettled_.find(question_);
  if (found == gate_.unsettled_.end() || found->second.ends_at <= now) return std::nullopt;
  return found->second.submission;
}

void QuestionGate::Turn::Leave(Submission submission, Clock::SteadyTime now) {
  const std::scoped_lock lock(gate_.mutex_);
  std::erase_if(gate_.unsettled_, [&](const auto& entry) { return entry.second.ends_at <= now; });
  const auto ends_at = now + submission.timeout;
  gate_.unsettled_.insert_or_assign(question_, Unsettled{std::move(submission), ends_at});
}

void QuestionGate::Turn::Settle() {
  const std::scoped_lock lock(gate_.mutex_);
  gate_.unsettled_.erase(question_);
}

bool QuestionGate::Enter(const std::string& question, std::chrono::nanoseconds time_max,
                         const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const bool is_free =
      left_.wait_for(lock, stop, time_max, [&] { return !asked_.contains(question); });
  if (is_free) asked_.insert(question);
  return is_free;
}

}  // namespace revops::warehouse
