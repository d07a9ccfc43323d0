#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.h"

namespace revops::net {

/// A fixed number of threads behind a queue of bounded length.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  /// Errors: kResourceExhausted when the threads cannot be made.
  static Result<std::unique_ptr<WorkerPool>> Open(std::size_t threads, std::size_t queue_max);
  ~WorkerPool();

  /// False when the queue is full or the pool has stopped. Tasks must not throw.
  bool Submit(Task task);
  /// For what is left to do of a request that was let in: the queue's length does not count. False
  /// when the pool has stopped.
  bool SubmitAdmitted(Task task);

  /// Drops what waits, lets what runs finish.
  void Stop();

 private:
  bool Submit(Task task, std::size_t queue_max);
  explicit WorkerPool(std::size_t queue_max) : queue_max_(queue_max) {}
  void Run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace revops::net
