#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/base/clock.h"

namespace revops::net {

/// Many coarse deadlines at the cost of a few loads each: a deadline that moves later is only
/// stored, and looked at again when its old slot comes round. Expires up to one tick late, never
/// early. One thread.
class TimerWheel {
 public:
  using Time = Clock::SteadyTime;

  /// Links one deadline into a wheel; not to be moved. Unlinks itself when destroyed.
  class Timer {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() { Unlink(); }

    bool is_set() const { return next_ != nullptr; }

   private:
    friend class TimerWheel;
    void Unlink();
    void LinkBefore(Timer& other);

    Timer* next_ = nullptr;
    Timer* previous_ = nullptr;
    Time deadline_{};
    Time slot_time_{};
  };

  TimerWheel(Time now, std::chrono::milliseconds tick);

  void Set(Timer& timer, Time deadline);
  static void Cancel(Timer& timer) { timer.Unlink(); }

  /// Calls `expired(Timer&)` for each timer whose deadline is not after `now`; it is unlinked
  /// before. `expired` may set, cancel and destroy timers.
  template <class Expired>
  void Advance(Time now, Expired&& expired) {
    Timer due;
    CollectDue(now, due);
    while (Timer* timer = First(due)) {
      timer->Unlink();
      if (timer->deadline_ > now) {
        Set(*timer, timer->deadline_);
      } else {
        expired(*timer);
      }
    }
    due.Unlink();
  }

  bool empty() const;

 private:
  static constexpr std::size_t kSlots = 512;

  std::int64_t TickOf(Time time) const;
  Time TimeOf(std::int64_t tick) const { return start_ + tick * tick_; }
  void CollectDue(Time now, Timer& due);
  static Timer* First(Timer& list);

  Time start_;
  std::chrono::nanoseconds tick_;
  std::int64_t current_tick_ = 0;
  std::array<Timer, kSlots> slots_;  ///< each the head of a circular list
};

}  // namespace revops::net
