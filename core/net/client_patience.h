#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace revops::net {

/// A file descriptor; closed with its owner.
class ClientFd {
 public:
  explicit ClientFd(int fd = -1) : fd_(fd) {}
  ClientFd(ClientFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ClientFd& operator=(ClientFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~ClientFd();

  int get() const { return fd_; }

 private:
  int fd_;
};

/// How long one request waits: until its deadline or its stop. For the thread that sends it.
class ClientPatience {
 public:
  using Time = Clock::SteadyTime;
  enum class Outcome { kReady, kLate, kStopped };

  /// `clock` outlives it.
  /// Errors: kUnavailable when no descriptor is left.
  static Result<std::unique_ptr<ClientPatience>> Make(const Clock& clock, Time deadline,
                                                      std::stop_token stop);

  Time Now() const { return clock_.SteadyNow(); }
  Time deadline() const { return deadline_; }
  /// The deadline, or `by` where that is earlier.
  Time Until(Time by) const { return by < deadline_ ? by : deadline_; }

  /// Until `fd` has one of `events` (of poll), but not beyond `until`, a result of Until().
  /// kReady also tells of errors and of the peer's end, and wins over kLate: a process that was
  /// suspended reads first what has arrived meanwhile. Waits by real time, whatever the clock does.
  Outcome Wait(int fd, short events, Time until) const;
  /// Whether there is time left: kReady, kLate or kStopped.
  Outcome Check(Time until) const;

  /// The error of a wait that was not kReady: kCancelled; kTimeout past the deadline; else, past
  /// an earlier `until`, kUnavailable with `late` as its message.
  Unexpected GaveUp(Outcome outcome, Time until, const std::string& late,
                    std::string_view origin) const;

 private:
  struct Wake {
    int fd;
    void operator()() const;
  };

  ClientPatience(const Clock& clock, Time deadline, std::stop_token stop, ClientFd stopped);

  const Clock& clock_;
  Time deadline_;
  std::stop_token stop_;
  ClientFd stopped_;  ///< an eventfd, readable after the stop; none where there is no stop
  std::stop_callback<Wake> on_stop_;
};

}  // namespace revops::net
