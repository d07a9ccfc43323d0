#include "core/base/logging.h"
#include "core/processor/refresh.h"

namespace revops::processor {
namespace {

void AppendText(std::string& json, std::string_view name, std::string_view value) {
  json += json.empty() ? '{' : ',';
  AppendJsonString(json, name);
  json += ':';
  AppendJsonString(json, value);
}

void AppendCount(std::string& json, std::string_view name, std::uint64_t value) {
  json += ',';
  AppendJsonString(json, name);
  json += ':' + std::to_string(value);
}

}  // namespace

std::string ToJson(const RefreshReport& report) {
  std::string json;
  AppendText(json, "outcome",
             report.outcome == RefreshOutcome::kPublished ? "published" : "unchanged");
  AppendText(json, "snapshot_id", report.snapshot_id);
  AppendText(json, "content_hash", report.content_hash);
  AppendCount(json, "rows", report.rows);
  AppendCount(json, "changed_days", report.changed_days);
  AppendCount(json, "parts_written", report.parts_written);
  AppendCount(json, "parts_shared", report.parts_shared);
  AppendText(json, "data_as_of", ToString(report.data_as_of));
  AppendText(json, "computed_at", ToString(report.computed_at));
  return json + "}";
}

}  // namespace revops::processor
