#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/snapshot/job.h"
#include "core/store/object_store.h"

namespace revops::lambda {

/// A job as it stands in the store, where functions meet: one asks for it, another runs it.
struct StoredJob {
  snapshot::RefreshJob job;
  store::Version version;
};

/// Errors: kNotFound; the store's.
Result<StoredJob> FindJob(store::ObjectStore& store, std::string_view id);

/// Replaces the version that was read, or creates the job when there is none.
/// Errors: kAlreadyExists when somebody else has replaced it meanwhile.
Result<store::Version> PutJob(store::ObjectStore& store, const snapshot::RefreshJob& job,
                              const std::optional<store::Version>& version);

/// The job that was written last; nullopt when there is none. One that has not ended although
/// nothing was written for longer than a function can run counts as failed.
Result<std::optional<StoredJob>> FindNewestJob(store::ObjectStore& store, Instant now);

}  // namespace revops::lambda
