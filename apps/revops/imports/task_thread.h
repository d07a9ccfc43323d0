#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace revops::app {

/// One thread that does what it is given, one thing after the other.
class TaskThread {
 public:
  using Task = std::function<void(std::stop_token)>;

  TaskThread() : thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  void Submit(Task task) {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
    wake_.notify_one();
  }

  /// Asks what runs to stop and waits for it; what has not begun is forgotten.
  void Stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run(const std::stop_token& stop) {
    for (;;) {
      Task task;
      {
        std::unique_lock lock(mutex_);
        if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
        if (stop.stop_requested()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task(stop);
    }
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Task> tasks_;
  std::jthread thread_;
};

}  // namespace revops::app
