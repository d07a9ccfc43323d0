#pragma once

#include <memory>
#include <optional>

#include "core/api/exchange.h"
#include "core/api/query.h"
#include "core/api/snapshots.h"

namespace revops::api {

/// The edition that is asked for, or why there is none. Neither: it has to be opened, and the
/// exchange may not block.
struct Target {
  std::shared_ptr<const Edition> edition;
  std::optional<Reply> refusal;
};

/// Takes `as_of`; without it the pinned edition is meant.
Target FindTarget(SnapshotCatalog& snapshots, const Exchange& exchange, Query& query);

}  // namespace revops::api
