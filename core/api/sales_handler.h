#pragma once

#include "core/api/exchange.h"
#include "core/api/snapshots.h"

namespace revops::api {

/// The rows behind a number: /api/sales, from a snapshot.
class SalesHandler {
 public:
  explicit SalesHandler(SnapshotCatalog& snapshots) : snapshots_(snapshots) {}

  Outcome Sales(const Exchange& exchange) const;

 private:
  SnapshotCatalog& snapshots_;
};

}  // namespace revops::api
