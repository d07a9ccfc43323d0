#include "core/net/timer_wheel.h"

#include <algorithm>

namespace revops::net {

void TimerWheel::Timer::Unlink() {
  if (next_ == nullptr) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

void TimerWheel::Timer::LinkBefore(Timer& other) {
  next_ = &other;
  previous_ = other.previous_;
  previous_->next_ = this;
  other.previous_ = this;
}

TimerWheel::TimerWheel(Time now, std::chrono::milliseconds tick) : start_(now), tick_(tick) {
  for (Timer& slot : slots_) slot.next_ = slot.previous_ = &slot;
}

std::int64_t TimerWheel::TickOf(Time time) const {
  const auto since_start = std::max(time - start_, Time::duration::zero());
  return (since_start + tick_ - Time::duration(1)) / tick_;
}

void TimerWheel::Set(Timer& timer, Time deadline) {
  timer.deadline_ = deadline;
  if (timer.is_set() && deadline >= timer.slot_time_) return;
  timer.Unlink();
  const std::int64_t tick = std::clamp(TickOf(deadline), current_tick_ + 1,
                                       current_tick_ + static_cast<std::int64_t>(kSlots) - 1);
  timer.slot_time_ = TimeOf(tick);
  timer.LinkBefore(slots_[static_cast<std::size_t>(tick) % kSlots]);
}

void TimerWheel::CollectDue(Time now, Timer& due) {
  due.next_ = due.previous_ = &due;
  const std::int64_t now_tick = std::max(current_tick_, (now - start_) / tick_);
  const std::int64_t last = std::min(now_tick, current_tick_ + static_cast<std::int64_t>(kSlots));
  for (std::int64_t tick = current_tick_ + 1; tick <= last; ++tick) {
    Timer& slot = slots_[static_cast<std::size_t>(tick) % kSlots];
    while (Timer* timer = First(slot)) {
      timer->Unlink();
      timer->LinkBefore(due);
    }
  }
  current_tick_ = now_tick;
}

TimerWheel::Timer* TimerWheel::First(Timer& list) {
  return list.next_ == &list ? nullptr : list.next_;
}

bool TimerWheel::empty() const {
  return std::all_of(slots_.begin(), slots_.end(),
                     [](const Timer& slot) { return slot.next_ == &slot; });
}

}  // namespace revops::net
