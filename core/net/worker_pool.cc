#include "core/net/worker_pool.h"

#include <cstdint>
#include <system_error>
#include <utility>

namespace revops::net {

Result<std::unique_ptr<WorkerPool>> WorkerPool::Open(std::size_t threads, std::size_t queue_max) {
  std::unique_ptr<WorkerPool> pool(new WorkerPool(queue_max));
  try {
    for (std::size_t i = 0; i < threads; ++i) {
      pool->threads_.emplace_back([raw = pool.get()] { raw->Run(); });
    }
  } catch (const std::system_error&) {
    return Fail(ErrorCode::kResourceExhausted, "cannot start worker threads");
  }
  return pool;
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Submit(Task task) { return Submit(std::move(task), queue_max_); }

bool WorkerPool::SubmitAdmitted(Task task) { return Submit(std::move(task), SIZE_MAX); }

bool WorkerPool::Submit(Task task, std::size_t queue_max) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || queue_.size() >= queue_max) return false;
    queue_.push_back(std::move(task));
  }
  ready_.notify_one();
  return true;
}

void WorkerPool::Stop() {
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(queue_);
  }
  ready_.notify_all();
  dropped.clear();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::Run() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace revops::net
