#pragma once

#include <optional>
#include <string_view>

namespace revops::api {

enum class Route {
  kGrouped,  ///< /api/pipeline/by-…
  kSummary,
  kLastMonth,
  kSales,
  kSnapshots,
  kRefresh,
  kRefreshJob,  ///< /api/refresh/…
  kEvents,
  kMetrics,
  kReceipt,
  kOpenApi,
  kHealth,
  kReadiness,
};

struct Match {
  Route route = Route::kHealth;
  std::string_view rest;          ///< of the path: the view, or the job's id
  std::string_view allow;         ///< the methods, as the Allow field lists them
  std::string_view write_method;  ///< "POST", "DELETE" or empty
};

/// nullopt: nothing is there. Paths are compared as they came: an escaped letter is another path.
std::optional<Match> FindRoute(std::string_view path);

}  // namespace revops::api
