#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/result.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

enum class JobState { kQueued, kRunning, kSucceeded, kFailed, kCancelled };
enum class StepState { kPending, kRunning, kDone, kSkipped, kFailed };
enum class RefreshStep { kCheck, kDigest, kRead, kBuild, kPublish };
inline constexpr std::size_t kRefreshStepCount = 5;

std::string_view ToString(JobState state);    ///< "queued" …
std::string_view ToString(StepState state);   ///< "pending" …
std::string_view ToString(RefreshStep step);  ///< "check" …

struct StepProgress {
  StepState state = StepState::kPending;
  std::uint64_t done = 0;
  std::optional<std::uint64_t> total;
  std::string unit;  ///< "days", "rows", "parts", "objects"; empty until it runs
};

/// One run of the nightly job as people follow it; stored under revops/jobs/<id>.json.
struct RefreshJob {
  std::string id;  ///< 32 hex digits
  JobState state = JobState::kQueued;
  std::string requested_by;  ///< "person", "schedule", "command"
  std::optional<Instant> started_at;
  std::optional<Instant> ended_at;
  std::array<StepProgress, kRefreshStepCount> steps;
  std::optional<std::string> outcome;  ///< "published", "unchanged"
  std::optional<std::string> snapshot_id;
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> changed_days;
  std::optional<Error> error;

  bool has_ended() const { return state != JobState::kQueued && state != JobState::kRunning; }
  /// 0–100, from the steps.
  int progress_percent() const;
};

/// The JSON object that answers and the store hold.
std::string EncodeJob(const RefreshJob& job);
Result<RefreshJob> ParseJob(std::string_view bytes);

Result<void> SaveJob(store::ObjectStore& store, const RefreshJob& job);
/// Errors: kNotFound.
Result<RefreshJob> LoadJob(store::ObjectStore& store, std::string_view id);

}  // namespace revops::snapshot
