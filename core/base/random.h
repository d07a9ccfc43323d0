#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace revops {

/// A source of random numbers; thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
};

/// The kernel's generator: for ids and jitter.
class SystemRandom final : public Random {
 public:
  std::uint64_t Next() override;
};

/// Reproducible, for tests and the demo company. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t Next() override { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

/// 128 random bits as 32 hex digits: ids of requests and jobs.
std::string NewId(Random& random);

}  // namespace revops
