#include "core/net/client_patience.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace revops::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollMax = std::chrono::hours(1);

}  // namespace

ClientFd::~ClientFd() {
  if (fd_ >= 0) ::close(fd_);
}

void ClientPatience::Wake::operator()() const { ::eventfd_write(fd, 1); }

Result<std::unique_ptr<ClientPatience>> ClientPatience::Make(const Clock& clock, Time deadline,
                                                             std::stop_token stop) {
  // What cannot be stopped needs nothing to be woken by; poll leaves a negative descriptor out.
  const bool can_stop = stop.stop_possible();
  ClientFd stopped(can_stop ? ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1);
  if (can_stop && stopped.get() < 0) {
    return Fail(ErrorCode::kUnavailable,
                "cannot make an eventfd: " + std::generic_category().message(errno), "net:connect");
  }
  return std::unique_ptr<ClientPatience>(
      new ClientPatience(clock, deadline, std::move(stop), std::move(stopped)));
}

ClientPatience::ClientPatience(const Clock& clock, Time deadline, std::stop_token stop,
                               ClientFd stopped)
    : clock_(clock),
      deadline_(deadline),
      stop_(std::move(stop)),
      stopped_(std::move(stopped)),
      on_stop_(stop_, Wake{stopped_.get()}) {}

ClientPatience::Outcome ClientPatience::Check(Time until) const {
  if (stop_.stop_requested()) return Outcome::kStopped;
  return Now() >= until ? Outcome::kLate : Outcome::kReady;
}

ClientPatience::Outcome ClientPatience::Wait(int fd, short events, Time until) const {
  while (true) {
    const auto left = std::max(until - Now(), Time::duration::zero());
    const bool is_last = left <= kPollMax;
    const auto wait = is_last ? std::chrono::ceil<milliseconds>(left) : kPollMax;
    pollfd watched[] = {{fd, events, 0}, {stopped_.get(), POLLIN, 0}};
    const int ready = ::poll(watched, std::size(watched), static_cast<int>(wait.count()));
    if (ready > 0) return watched[1].revents != 0 ? Outcome::kStopped : Outcome::kReady;
    if (ready == 0 && is_last) return Outcome::kLate;
  }
}

Unexpected ClientPatience::GaveUp(Outcome outcome, Time until, const std::string& late,
                                  std::string_view origin) const {
  if (outcome == Outcome::kStopped) {
    return Fail(ErrorCode::kCancelled, "the request was stopped", std::string(origin));
  }
  if (until < deadline_ && Now() < deadline_) {
    return Fail(ErrorCode::kUnavailable, late, std::string(origin));
  }
  return Fail(ErrorCode::kTimeout, "the request's deadline has passed", std::string(origin));
}

}  // namespace revops::net
