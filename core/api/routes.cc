#include "core/api/routes.h"

namespace revops::api {
namespace {

struct Entry {
  std::string_view path;
  Route route;
  std::string_view write_method;
  std::size_t rest_from = 0;  ///< where a path that only begins so splits; 0: it is the whole path
};

constexpr std::string_view kGroupedPrefix = "/api/pipeline/by-";
constexpr std::string_view kJobPrefix = "/api/refresh/";

constexpr Entry kEntries[] = {
    {kGroupedPrefix, Route::kGrouped, "", kGroupedPrefix.size() - 3},
    {"/api/summary", Route::kSummary, ""},
    {"/api/sales/last-month", Route::kLastMonth, ""},
    {"/api/sales", Route::kSales, ""},
    {"/api/snapshots", Route::kSnapshots, ""},
    {"/api/refresh", Route::kRefresh, "POST"},
    {kJobPrefix, Route::kRefreshJob, "DELETE", kJobPrefix.size()},
    {"/api/events", Route::kEvents, ""},
    {"/api/metrics", Route::kMetrics, ""},
    {"/api/receipt", Route::kReceipt, ""},
    {"/api/openapi.json", Route::kOpenApi, ""},
    {"/healthz", Route::kHealth, ""},
    {"/readyz", Route::kReadiness, ""},
};

std::string_view AllowFor(std::string_view write_method) {
  if (write_method == "POST") return "GET, HEAD, POST, OPTIONS";
  if (write_method == "DELETE") return "GET, HEAD, DELETE, OPTIONS";
  return "GET, HEAD, OPTIONS";
}

bool Fits(const Entry& entry, std::string_view path) {
  if (entry.rest_from == 0) return path == entry.path;
  return path.size() > entry.path.size() && path.starts_with(entry.path);
}

}  // namespace

std::optional<Match> FindRoute(std::string_view path) {
  for (const Entry& entry : kEntries) {
    if (!Fits(entry, path)) continue;
    const std::string_view rest =
        entry.rest_from == 0 ? std::string_view() : path.substr(entry.rest_from);
    return Match{entry.route, rest, AllowFor(entry.write_method), entry.write_method};
  }
  return std::nullopt;
}

}  // namespace revops::api
