#pragma once

#include <span>
#include <string_view>

namespace revops::api {

/// One figure that the product shows, as contracts/metrics.yaml describes it (same entries, same
/// order; tests/api compares them).
struct Metric {
  std::string_view id;
  std::string_view title;
  std::string_view unit;      ///< "money", "count", "rate", "days"
  std::string_view polarity;  ///< "up": more is better, "down", "neutral"
  std::string_view level;     ///< "measured", "history", "assumed", "not_available"
  std::string_view definition;
  std::string_view formula;
  std::string_view source;  ///< "snapshot", "live"
  std::string_view reason;  ///< why it is not available; else empty
};

std::span<const Metric> Metrics();

}  // namespace revops::api
