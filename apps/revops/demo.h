#pragma once

#include <cstdint>

#include "apps/revops/data_folder.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"

namespace revops::app {

struct DemoOptions {
  std::uint64_t seed = 7;
  int nights = 30;
};

/// Fills a new data folder with the demo company and its nightly snapshots up to the last 02:00
/// UTC. Errors: kAlreadyExists when the folder holds a warehouse.
Result<void> MakeDemo(const DataFolder& folder, const DemoOptions& options, const Clock& clock,
                      Random& random);

}  // namespace revops::app
