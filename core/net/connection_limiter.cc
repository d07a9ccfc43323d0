#include "core/net/connection_limiter.h"

namespace revops::net {

bool ConnectionLimiter::Admit(const AddressKey& address) {
  const std::lock_guard lock(mutex_);
  if (open_ >= total_max_) return false;
  std::size_t& count = by_address_[address];
  if (count >= per_address_max_) return false;
  ++count;
  ++open_;
  return true;
}

void ConnectionLimiter::Release(const AddressKey& address) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return;
  if (--found->second == 0) by_address_.erase(found);
  if (--open_ == 0) none_open_.notify_all();
}

std::size_t ConnectionLimiter::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool ConnectionLimiter::WaitUntilNone(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return none_open_.wait_for(lock, timeout, [this] { return open_ == 0; });
}

}  // namespace revops::net
