#include "core/warehouse/snowflake/question_gate.h"

namespace revops::warehouse {

QuestionGate::Turn::~Turn() {
  {
    const std::scoped_lock lock(gate_.mutex_);
    gate_.asked_.erase(question_);
  }
  gate_.left_.notify_all();
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
