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
  kImports,
  kImportJob,  ///< /api/imports/…
  kImportInspection,
  kImportMapping,
  kImportTake,
  kImportUndo,
  kImportRefused,
  kMappings,
  kMapping,  ///< /api/mappings/…
  kMetrics,
  kReceipt,
  kOpenApi,
  kHealth,
  kReadiness,
};

struct Match {
  Route route = Route::kHealth;
  std::string_view rest;          ///< of the path: the view, the job's id, the mapping's name
  std::string_view allow;         ///< the methods, as the Allow field lists them
  std::string_view write_method;  ///< "POST", "PUT", "DELETE" or empty
  bool is_read = true;            ///< GET and HEAD are answered
};

/// nullopt: nothing is there. Paths are compared as they came: an escaped letter is another path.
std::optional<Match> FindRoute(std::string_view path);

}  // namespace revops::api
