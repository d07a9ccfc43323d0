#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace revops::api {

/// A shared value that is read by many and replaced now and then. A read costs one atomic load and
/// one reference count: each thread keeps what it saw last and looks again only when the generation
/// has moved. Generations are unique in the process, so that one memory serves all instances of T.
///
/// The price: a thread keeps the value that it saw last alive until it reads again or ends.
template <class T>
class Swapped {
 public:
  void Store(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);
    generation_.store(NextGeneration(), std::memory_order_release);
  }

  std::shared_ptr<const T> Load() const {
    thread_local Seen seen;
    if (seen.generation != generation_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      seen = {generation_.load(std::memory_order_relaxed), value_};
    }
    return seen.value;
  }

 private:
  struct Seen {
    std::uint64_t generation = 0;
    std::shared_ptr<const T> value;
  };

  static std::uint64_t NextGeneration() {
    static std::atomic<std::uint64_t> newest{0};
    return newest.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<std::uint64_t> generation_{NextGeneration()};
};

}  // namespace revops::api
