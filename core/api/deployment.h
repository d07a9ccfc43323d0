#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/error.h"

namespace revops::api {

/// What an installation says about itself in /api/metrics.
struct Deployment {
  /// What made-up rows are called that do not say so themselves: "demo", "sample"; nullopt: rows
  /// are somebody's own.
  std::optional<std::string> label;
  std::string version;  ///< of the program
  std::uint32_t live_poll_seconds = 15;
  std::string schedule = "0 2 * * *";
  std::string schedule_zone = "UTC";
  std::string warehouse = "duckdb";
};

struct FailedRun {
  Error error;
  Instant at;
};

/// What the statements of one UTC day came to, and which were not needed.
struct ReceiptDay {
  Date day;
  std::uint64_t statements = 0;
  std::chrono::milliseconds execution{0};  ///< from statements to their first answers
  std::uint64_t rows = 0;                  ///< received
  std::uint64_t bytes = 0;                 ///< received, unpacked
  std::uint64_t avoided_live_questions =
      0;                              ///< answered by a statement that others waited for, too
  std::uint64_t avoided_digests = 0;  ///< nothing had changed
  std::uint64_t avoided_months = 0;   ///< of rows that were not read again
};

/// What changes while it runs. Thread-safe; must not block.
class DeploymentStatus {
 public:
  virtual ~DeploymentStatus() = default;

  /// nullopt: nothing is scheduled.
  virtual std::optional<Instant> next_run_at() const = 0;
  /// nullopt: the last scheduled or requested run did not fail.
  virtual std::optional<FailedRun> last_run_failed() const = 0;
  /// Why requests should not be sent here, besides "no_snapshot": "refresh_given_up",
  /// "warehouse_unavailable" ….
  virtual std::vector<std::string> not_ready_reasons() const = 0;
  /// The last 31 days as far as anything was asked, newest first; nullopt where statements cost
  /// nothing, or where nobody counts them.
  virtual std::optional<std::vector<ReceiptDay>> receipt() const = 0;
};

}  // namespace revops::api
