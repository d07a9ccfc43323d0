#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/snapshot/manifest.h"
#include "core/store/object_store.h"

namespace revops::snapshot {

inline constexpr std::string_view kPointerKey = "revops/current.json";
inline constexpr std::size_t kEarlierMax = 8;

struct ManifestRef {
  std::string id;
  std::string sha256;

  friend bool operator==(const ManifestRef&, const ManifestRef&) = default;
};

/// The only mutable object: which manifest is current. Replaced by compare-and-swap alone.
struct Pointer {
  int format = kFormat;
  std::uint64_t sequence = 0;  ///< one more with every swap
  ManifestRef manifest;
  std::vector<ManifestRef> earlier;           ///< newest first
  Instant data_as_of;                         ///< when the read that confirmed the content began
  Instant computed_at;                        ///< the end of that check or computation
  std::string inputs_key;                     ///< equal: nothing to do
  std::optional<Instant> last_scheduled_for;  ///< the newest scheduled instant that was served

  /// Whether last_scheduled_for lies so far after `now` that a wrong clock must have written it;
  /// the next publication at a right clock drops it.
  bool scheduled_ahead_of(Instant now) const {
    return last_scheduled_for > now + std::chrono::hours(24);
  }

  friend bool operator==(const Pointer&, const Pointer&) = default;
};

std::string Encode(const Pointer& pointer);
/// Errors: kUnsupported for a newer format, kCorrupt for anything else that does not fit.
Result<Pointer> ParsePointer(std::string_view bytes);

struct StoredPointer {
  Pointer pointer;
  store::Version version;
};

/// nullopt: nothing was ever published.
Result<std::optional<StoredPointer>> ReadPointer(store::ObjectStore& store);

}  // namespace revops::snapshot
