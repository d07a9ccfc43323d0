#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>

namespace revops::net {

/// An IPv6 address, or an IPv4 one mapped into it.
using AddressKey = std::array<unsigned char, 16>;

/// Counts open connections, all and per client address. Thread-safe.
class ConnectionLimiter {
 public:
  ConnectionLimiter(std::size_t per_address_max, std::size_t total_max)
      : per_address_max_(per_address_max), total_max_(total_max) {}

  /// False: one of the limits is reached. True: to be given back with Release.
  bool Admit(const AddressKey& address);
  void Release(const AddressKey& address);

  std::size_t open() const;
  /// Waits until no connection is open; false when `timeout` passed first.
  bool WaitUntilNone(std::chrono::milliseconds timeout);

 private:
  const std::size_t per_address_max_;
  const std::size_t total_max_;
  mutable std::mutex mutex_;
  std::condition_variable none_open_;
  std::map<AddressKey, std::size_t> by_address_;
  std::size_t open_ = 0;
};

}  // namespace revops::net
