#include "lambdas/common/stored_jobs.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace revops::lambda {
namespace {

constexpr std::string_view kPrefix = "revops/jobs/";
constexpr std::string_view kSuffix = ".json";
/// A function lives for 15 minutes, and may wait as long for its turn; a job is written at each
/// step.
constexpr auto kSilenceMax = std::chrono::minutes(30);

bool is_job_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string KeyOf(std::string_view id) { return std::string(kPrefix).append(id).append(kSuffix); }

}  // namespace

Result<StoredJob> FindJob(store::ObjectStore& store, std::string_view id) {
  if (!is_job_id(id)) return Fail(ErrorCode::kNotFound, "there is no such job");
  REVOPS_TRY_ASSIGN(store::Object object, store.Get(KeyOf(id)));
  REVOPS_TRY_ASSIGN(snapshot::RefreshJob job, snapshot::ParseJob(object.bytes));
  return StoredJob{std::move(job), std::move(object.version)};
}

Result<store::Version> PutJob(store::ObjectStore& store, const snapshot::RefreshJob& job,
                              const std::optional<store::Version>& version) {
  const auto condition =
      version ? store::PutCondition::IfMatch(*version) : store::PutCondition::IfAbsent();
  return WithContext(store.Put(KeyOf(job.id), snapshot::EncodeJob(job), condition),
                     "saving job " + job.id);
}

Result<std::optional<StoredJob>> FindNewestJob(store::ObjectStore& store, Instant now) {
  REVOPS_TRY_ASSIGN(const std::vector<store::ObjectInfo> objects, store.List(kPrefix));
  const auto newest =
      std::max_element(objects.begin(), objects.end(),
                       [](const auto& a, const auto& b) { return a.modified_at < b.modified_at; });
  if (newest == objects.end()) return std::optional<StoredJob>();
  std::string_view id = std::string_view(newest->key).substr(kPrefix.size());
  if (id.ends_with(kSuffix)) id.remove_suffix(kSuffix.size());
  REVOPS_TRY_ASSIGN(StoredJob found, FindJob(store, id));
  if (!found.job.has_ended() && now - newest->modified_at > kSilenceMax) {
    found.job.state = snapshot::JobState::kFailed;
    found.job.ended_at = newest->modified_at;
    found.job.error = Error{ErrorCode::kTimeout, "the refresh was cut off", {}, {}};
  }
  return std::optional(std::move(found));
}

}  // namespace revops::lambda
