#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

/// What a collector is about to delete, `revops/collecting.json`.
///
/// Deleting an object and writing it anew cannot be ordered by the store. So both sides first say
/// what they are about to do and then look: the collector writes this, then reads the manifests;
/// a publisher writes its manifest, then reads this. Whoever comes second sees the other.
inline constexpr std::string_view kCollectingKey = "revops/collecting.json";

/// A collector that has not finished after this long is dead.
inline constexpr std::chrono::hours kCollectingMax{6};

struct Collecting {
  Instant started_at;
  std::set<std::string> condemned;
};

std::string Encode(const Collecting& collecting);
Result<Collecting> ParseCollecting(std::string_view bytes);

/// The keys that a living collector is about to delete.
Result<std::set<std::string>> ReadCondemned(store::ObjectStore& store, Instant now);

}  // namespace revops::snapshot
