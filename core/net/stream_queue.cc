#include "core/net/stream_queue.h"

#include <array>
#include <charconv>
#include <utility>

namespace revops::net {
namespace {

void AppendChunk(std::string& out, const std::string& chunk) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), chunk.size(), 16).ptr;
  out.append(size.data(), end).append("\r\n").append(chunk).append("\r\n");
}

}  // namespace

HttpStreamSink StreamQueue::MakeSink(std::shared_ptr<StreamQueue> queue) {
  StreamQueue* raw = queue.get();
  const std::shared_ptr<StreamQueue> producer(
      raw, [kept = std::move(queue)](StreamQueue* ending) { ending->End(); });
  return [producer](const std::string& chunk) { return producer->Push(chunk); };
}

bool StreamQueue::Push(const std::string& chunk) {
  const std::lock_guard lock(mutex_);
  if (closed_ || ended_ || overflowed_) return false;
  if (chunk.empty()) return true;
  if (pending_.size() + chunk.size() > config_.bytes_max) {
    overflowed_ = true;
  } else if (config_.chunked) {
    AppendChunk(pending_, chunk);
  } else {
    pending_ += chunk;
  }
  WakeOnce();
  return !overflowed_;
}

void StreamQueue::End() {
  const std::lock_guard lock(mutex_);
  if (closed_ || ended_) return;
  if (config_.chunked) pending_ += "0\r\n\r\n";
  ended_ = true;
  WakeOnce();
}

void StreamQueue::WakeOnce() {
  if (woken_) return;
  woken_ = true;
  config_.wake();
}

StreamQueue::Taken StreamQueue::Take() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  return {std::exchange(pending_, {}), ended_, overflowed_};
}

void StreamQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  config_.wake = nullptr;
}

}  // namespace revops::net
