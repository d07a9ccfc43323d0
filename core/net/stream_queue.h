#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/base/http.h"

namespace revops::net {

/// What producers have sent to one stream and the connection has not yet taken. Thread-safe.
class StreamQueue {
 public:
  struct Config {
    std::size_t bytes_max = 0;
    bool chunked = true;         ///< frame as HTTP chunks; false on HTTP/1.0
    std::function<void()> wake;  ///< something is there; must not call back
  };

  struct Taken {
    std::string bytes;
    bool ended = false;       ///< no producer is left; the last chunk is in `bytes`
    bool overflowed = false;  ///< the peer was too slow
  };

  explicit StreamQueue(Config config) : config_(std::move(config)) {}

  /// A sink on this queue. When all its copies are gone, the stream ends.
  static HttpStreamSink MakeSink(std::shared_ptr<StreamQueue> queue);

  Taken Take();
  /// The stream is complete: what is pending is followed by the last chunk.
  void End();
  /// From now on sinks return false, and `wake` is not called any more.
  void Close();

 private:
  bool Push(const std::string& chunk);
  void WakeOnce();

  Config config_;
  std::mutex mutex_;
  std::string pending_;
  bool ended_ = false;
  bool overflowed_ = false;
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace revops::net
