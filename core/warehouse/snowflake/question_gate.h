#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include "core/base/clock.h"

namespace revops::warehouse {

/// A statement under its request id.
struct Submission {
  std::string request_id;
  std::string body;
  std::chrono::seconds timeout{0};  ///< after which the server ends it by itself
};

/// Lets one question be asked by one at a time: a second statement with the same text and bindings
/// would cost as much as the first and load a service that is slow already. Remembers statements
/// that may go on though nobody waits for them. Thread-safe.
class QuestionGate {
 public:
  /// Being the one that asks; the next one may when it ends.
  class Turn {
   public:
    Turn(QuestionGate& gate, std::string question) : gate_(gate), question_(std::move(question)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

    /// What an earlier turn left behind, unless it has ended by itself.
    std::optional<Submission> unsettled(Clock::SteadyTime now) const;
    /// Nobody knows whether it runs; it was on its way until `now`.
    void Leave(Submission submission, Clock::SteadyTime now);
    /// What was left behind has ended.
    void Settle();

   private:
    QuestionGate& gate_;
    const std::string question_;
  };

  /// Waits until nobody else asks; false when it took longer, or was stopped. A Turn must follow.
  bool Enter(const std::string& question, std::chrono::nanoseconds time_max,
             const std::stop_token& stop);

 private:
  struct Unsettled {
    Submission submission;
    Clock::SteadyTime ends_at;
  };

  std::mutex mutex_;
  std::condition_variable_any left_;
  std::set<std::string> asked_;
  std::map<std::string, Unsettled> unsettled_;  ///< by question
};

}  // namespace revops::warehouse
