#pragma once

#include <string_view>

#include "core/api/exchange.h"
#include "core/api/query.h"
#include "core/api/snapshots.h"

namespace revops::api {

/// Answers from snapshots: /api/pipeline/by-…, /api/summary, /api/snapshots.
class PipelineHandler {
 public:
  explicit PipelineHandler(SnapshotCatalog& snapshots) : snapshots_(snapshots) {}

  /// `view`: "by-region" ….
  Outcome Grouped(const Exchange& exchange, std::string_view view) const;
  Outcome Summary(const Exchange& exchange) const;
  Outcome Snapshots(const Exchange& exchange) const;

 private:
  SnapshotCatalog& snapshots_;
};

}  // namespace revops::api
