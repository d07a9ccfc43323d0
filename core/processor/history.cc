#include "core/processor/history.h"

#include <algorithm>
#include <utility>

namespace revops::processor {
namespace {

constexpr std::chrono::seconds kLastSecond{1};

}  // namespace

Result<Instant> EndOfDay(Date date, const TimeZone& zone, Instant now) {
  if (date > zone.DateAt(now)) {
    return Fail(ErrorCode::kInvalidArgument,
                date.ToString() + " has not begun: history takes days up to today");
  }
  return std::min(zone.ToInstant({date + 1}).at - kLastSecond, now);
}

Result<PlaceInHistory> FindPlaceInHistory(store::ObjectStore& store, Instant as_of) {
  REVOPS_TRY_ASSIGN(auto entries, snapshot::ListSnapshots(store));
  const Instant end = as_of + kLastSecond;
  // Newest first.
  auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& candidate) {
    return candidate.manifest.computed_at < end;
  });
  PlaceInHistory place{as_of, {}, {}};
  if (entry == entries.end()) return place;
  place.previous_id = entry->id;
  if (entry->manifest.computed_at < as_of) return place;
  place.at = entry->manifest.computed_at + std::chrono::milliseconds(1);
  place.present = std::move(*entry);
  if (place.at < end) return place;
  return Fail(ErrorCode::kAlreadyExists,
              "there are too many snapshots of " + ToString(as_of) + " already");
}

}  // namespace revops::processor
