#include "core/api/exchange.h"

#include <string>
#include <utility>

#include "core/api/query.h"

namespace revops::api {

Result<void> TakeNothing(const HttpRequest& request) {
  REVOPS_TRY_ASSIGN(const Query query, Query::Parse(request.query));
  return query.RefuseRest();
}

Result<void> RefuseBody(std::string_view body) {
  std::string packed;
  for (const char c : body) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    packed += c;
    if (packed.size() > 2) break;
  }
  if (packed.empty() || packed == "{}") return {};
  return Fail(ErrorCode::kInvalidArgument, "The body must be empty or {}.");
}

Result<bool> TakeWantsCsv(Query& query, const HttpRequest& request) {
  REVOPS_TRY_ASSIGN(const std::optional<std::string> format, query.TakeSingle("format"));
  if (!format) return prefers_csv(request.header("Accept"));
  if (*format == "csv") return true;
  if (*format == "json") return false;
  return RefuseParameter("format", "must be json or csv");
}

bool wants_raw(const HttpRequest& request) { return request.header("X-Raw") == "1"; }

Reply CsvReply(std::string body, const std::string& file_name) {
  Reply reply;
  reply.body = std::move(body);
  reply.content_type = kCsv;
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file_name + "\"");
  return reply;
}

}  // namespace revops::api
