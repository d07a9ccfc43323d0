#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace revops {

/// An instant in UTC.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-11-22T02:00:00.000Z".
std::string ToString(Instant instant);
/// "20261122T020000Z", the form that sorts in names.
std::string ToCompact(Instant instant);
/// "2026-11-22T02:00:00Z", with up to nine decimals of seconds of which three are kept; UTC only.
std::optional<Instant> ParseInstant(std::string_view text);

/// The time. Wall time names and dates things; steady time measures and bounds them.
class Clock {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
  virtual SteadyTime SteadyNow() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
  SteadyTime SteadyNow() const override;
};

/// Stands still until told otherwise. Not thread-safe while being moved.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant now) : now_(now) {}

  Instant Now() const override { return now_; }
  SteadyTime SteadyNow() const override { return steady_; }

  void Advance(std::chrono::milliseconds by) {
    now_ += by;
    steady_ += by;
  }
  /// Moves the wall clock alone, as an administrator or NTP does.
  void JumpTo(Instant now) { now_ = now; }

 private:
  Instant now_;
  SteadyTime steady_{std::chrono::hours(1)};
};

/// The wall clock frozen at one instant while steady time runs: `--now` of the program.
class FrozenClock final : public Clock {
 public:
  explicit FrozenClock(Instant now) : now_(now) {}

  Instant Now() const override { return now_; }
  SteadyTime SteadyNow() const override { return std::chrono::steady_clock::now(); }

 private:
  Instant now_;
};

}  // namespace revops
