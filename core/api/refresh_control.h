#pragma once

#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/snapshot/job.h"

namespace revops::api {

/// Starts, follows and cancels runs of the nightly job. Thread-safe; may block on the store, not on
/// the job.
class RefreshControl {
 public:
  virtual ~RefreshControl() = default;

  /// The running job, or a new one. `joined` tells which: true when it ran already.
  virtual Result<snapshot::RefreshJob> StartOrJoin(bool& joined) = 0;
  /// The job that was started last; nullopt before the first one.
  virtual std::optional<snapshot::RefreshJob> newest() = 0;
  /// Errors: kNotFound.
  virtual Result<snapshot::RefreshJob> Find(std::string_view id) = 0;
  /// Asks the job to stop; it ends soon after.
  /// Errors: kNotFound; kAlreadyExists when it has ended already.
  virtual Result<snapshot::RefreshJob> Cancel(std::string_view id) = 0;
};

}  // namespace revops::api
