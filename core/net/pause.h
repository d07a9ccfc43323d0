#pragma once

#include <chrono>
#include <stop_token>

namespace revops::net {

/// Waiting between attempts; replaced in tests, which do not wait.
class Pause {
 public:
  virtual ~Pause() = default;
  /// False when the stop token ended it.
  virtual bool For(std::chrono::milliseconds time, const std::stop_token& stop) = 0;
};

class SystemPause final : public Pause {
 public:
  bool For(std::chrono::milliseconds time, const std::stop_token& stop) override;
};

}  // namespace revops::net
