#pragma once

#include <string>

#include "core/snapshot/job.h"

namespace revops::api {

/// The job as answers and events show it: as stored, and whether the asker joined it.
std::string JobJson(const snapshot::RefreshJob& job, bool joined);

}  // namespace revops::api
