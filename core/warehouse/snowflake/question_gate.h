#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

namespace revops::warehouse {

/// Lets one question be asked by one at a time: a second statement with the same text and bindings
/// would cost as much as the first and load a service that is slow already. Thread-safe.
class QuestionGate {
 public:
  /// Being the one that asks; the next one may when it ends.
  class Turn {
   public:
    Turn(QuestionGate& gate, std::string question) : gate_(gate), question_(std::move(question)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    QuestionGate& gate_;
    const std::string question_;
  };

  /// Waits until nobody else asks; false when it took longer, or was stopped. A Turn must follow.
  bool Enter(const std::string& question, std::chrono::nanoseconds time_max,
             const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any left_;
  std::set<std::string> asked_;
};

}  // namespace revops::warehouse
