#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>

#include "core/api/live_sales.h"
#include "core/base/result.h"

namespace revops::api {

/// Lets callers with the same question share one statement, but only one that begins after they
/// asked: an answer is never older than its question. Those who ask while a statement runs share
/// the next one. At most one statement a question runs at a time. Thread-safe.
class LiveCoalescer {
 public:
  explicit LiveCoalescer(LiveSales& sales) : sales_(sales) {}

  /// Blocks until the question's deadline at most.
  /// Errors: the port's; kTimeout past the deadline.
  Result<std::shared_ptr<const LiveRows>> Read(const LiveQuestion& question);

  /// How many callers wait for a statement of somebody else to end.
  std::size_t waiting() const;

 private:
  using Answer = Result<std::shared_ptr<const LiveRows>>;
  using Key = std::tuple<Date, Date, std::uint64_t>;

  /// One statement, from the first caller who waits for it until its answer.
  struct Flight {
    bool began = false;
    std::optional<Answer> answer;
  };
  struct Lane {
    std::shared_ptr<Flight> running;
    std::shared_ptr<Flight> next;  ///< has not begun: may still be joined
  };

  /// nullopt: somebody with an earlier deadline led and ran out of time; ask again.
  std::optional<Answer> ReadOnce(const Key& key, const LiveQuestion& question);
  Answer Lead(const Key& key, const std::shared_ptr<Flight>& flight, const LiveQuestion& question,
              std::unique_lock<std::mutex>& lock);

  LiveSales& sales_;
  mutable std::mutex mutex_;
  std::size_t waiting_ = 0;
  std::condition_variable ended_;
  std::map<Key, Lane> lanes_;
};

}  // namespace revops::api
