#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/base/time_zone.h"
#include "core/snapshot/snapshot.h"
#include "core/store/object_store.h"

namespace revops::processor {

/// The instant that a snapshot of rows as they stood on `date` is made for: the last second of that
/// day in the zone, or `now` while the day lasts.
/// Errors: kInvalidArgument for a day that has not begun.
Result<Instant> EndOfDay(Date date, const TimeZone& zone, Instant now);

/// Where a snapshot that is made afterwards stands among those that are there.
struct PlaceInHistory {
  Instant at;  ///< `as_of`, or a millisecond after the one that was made for it last
  std::optional<snapshot::SnapshotEntry> present;  ///< the last one that was made for `as_of`
  std::optional<std::string> previous_id;          ///< the one before `at`
};

/// Errors: kAlreadyExists when no millisecond of that second is left.
Result<PlaceInHistory> FindPlaceInHistory(store::ObjectStore& store, Instant as_of);

}  // namespace revops::processor
