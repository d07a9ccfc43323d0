#pragma once

#include <chrono>
#include <cstdint>

namespace revops::warehouse {

/// What a warehouse was asked for, and what it did not have to be asked.
struct Costs {
  std::uint64_t statements = 0;              ///< run
  std::uint64_t retries = 0;                 ///< requests sent again
  std::chrono::milliseconds execution{0};    ///< from statements to their first answers, seen here
  std::uint64_t rows = 0;                    ///< received
  std::uint64_t bytes = 0;                   ///< received, unpacked
  std::uint64_t avoided_live_questions = 0;  ///< answered by a statement that others had waited for
  std::uint64_t avoided_digests = 0;         ///< the change token said that none was needed
  std::uint64_t avoided_months = 0;          ///< of rows that refreshes did not read again

  Costs& operator+=(const Costs& more);
  friend bool operator==(const Costs&, const Costs&) = default;
};

/// Who counts. Thread-safe; must not block for long.
class CostRecorder {
 public:
  virtual ~CostRecorder() = default;
  virtual void Count(const Costs& more) = 0;
};

}  // namespace revops::warehouse
