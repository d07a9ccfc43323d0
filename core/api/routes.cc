#include "core/api/routes.h"

namespace revops::api {
namespace {

struct Entry {
  std::string_view path;
  Route route;
  std::string_view write_method;
  std::size_t rest_from = 0;  ///< where a path that only begins so splits; 0: it is the whole path
  std::string_view suffix = {};  ///< what such a path ends with
  bool is_read = true;
};

constexpr std::string_view kGroupedPrefix = "/api/pipeline/by-";
constexpr std::string_view kJobPrefix = "/api/refresh/";
constexpr std::string_view kImportPrefix = "/api/imports/";
constexpr std::string_view kMappingPrefix = "/api/mappings/";

constexpr Entry kEntries[] = {
    {kGroupedPrefix, Route::kGrouped, "", kGroupedPrefix.size() - 3},
    {"/api/summary", Route::kSummary, ""},
    {"/api/sales/last-month", Route::kLastMonth, ""},
    {"/api/sales", Route::kSales, ""},
    {"/api/snapshots", Route::kSnapshots, ""},
    {"/api/refresh", Route::kRefresh, "POST"},
    {kJobPrefix, Route::kRefreshJob, "DELETE", kJobPrefix.size()},
    {"/api/imports", Route::kImports, "POST"},
    {kImportPrefix, Route::kImportInspection, "", kImportPrefix.size(), "/inspection"},
    {kImportPrefix, Route::kImportMapping, "PUT", kImportPrefix.size(), "/mapping", false},
    {kImportPrefix, Route::kImportTake, "POST", kImportPrefix.size(), "/take", false},
    {kImportPrefix, Route::kImportUndo, "POST", kImportPrefix.size(), "/undo", false},
    {kImportPrefix, Route::kImportRefused, "", kImportPrefix.size(), "/refused"},
    {kImportPrefix, Route::kImportJob, "DELETE", kImportPrefix.size()},
    {"/api/mappings", Route::kMappings, ""},
    {kMappingPrefix, Route::kMapping, "PUT", kMappingPrefix.size(), "", false},
    {"/api/events", Route::kEvents, ""},
    {"/api/metrics", Route::kMetrics, ""},
    {"/api/receipt", Route::kReceipt, ""},
    {"/api/openapi.json", Route::kOpenApi, ""},
    {"/healthz", Route::kHealth, ""},
    {"/readyz", Route::kReadiness, ""},
};

std::string_view AllowFor(std::string_view write_method, bool is_read) {
  if (!is_read) return write_method == "PUT" ? "PUT, OPTIONS" : "POST, OPTIONS";
  if (write_method == "POST") return "GET, HEAD, POST, OPTIONS";
  if (write_method == "DELETE") return "GET, HEAD, DELETE, OPTIONS";
  return "GET, HEAD, OPTIONS";
}

bool Fits(const Entry& entry, std::string_view path) {
  if (entry.rest_from == 0) return path == entry.path;
  return path.size() > entry.path.size() + entry.suffix.size() && path.starts_with(entry.path) &&
         path.ends_with(entry.suffix);
}

}  // namespace

std::optional<Match> FindRoute(std::string_view path) {
  for (const Entry& entry : kEntries) {
    if (!Fits(entry, path)) continue;
    std::string_view rest =
        entry.rest_from == 0 ? std::string_view() : path.substr(entry.rest_from);
    rest.remove_suffix(entry.suffix.size());
    return Match{entry.route, rest, AllowFor(entry.write_method, entry.is_read), entry.write_method,
                 entry.is_read};
  }
  return std::nullopt;
}

}  // namespace revops::api
