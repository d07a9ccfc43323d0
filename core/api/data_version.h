#pragma once

#include <string>

#include "core/base/clock.h"

namespace revops::api {

/// Which data are served, and how old they are.
struct DataVersion {
  std::string snapshot_id;
  std::string content_hash;
  Instant data_as_of;
  Instant computed_at;

  friend bool operator==(const DataVersion&, const DataVersion&) = default;
};

}  // namespace revops::api
