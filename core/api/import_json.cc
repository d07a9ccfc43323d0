#include <algorithm>
#include <array>
#include <utility>

#include "core/api/import_desk.h"
#include "core/api/json.h"

namespace revops::api {
namespace {

constexpr std::array<std::pair<ImportState, std::string_view>, 9> kStates = {{
    {ImportState::kInspecting, "inspecting"},
    {ImportState::kWaiting, "waiting"},
    {ImportState::kImporting, "importing"},
    {ImportState::kPublishing, "publishing"},
    {ImportState::kDone, "done"},
    {ImportState::kFailed, "failed"},
    {ImportState::kUndoing, "undoing"},
    {ImportState::kUndone, "undone"},
    {ImportState::kDiscarded, "discarded"},
}};

void AppendProgress(std::string& out, const std::optional<ImportJob::Progress>& progress) {
  AppendName(out, "progress");
  if (!progress) {
    out += "null";
    return;
  }
  out += '{';
  AppendNumber(out, "done", progress->done);
  AppendName(out, "total");
  out += progress->total ? std::to_string(*progress->total) : "null";
  AppendText(out, "unit", progress->unit);
  out += '}';
}

void AppendRows(std::string& out, const std::optional<ImportJob::Rows>& rows) {
  AppendName(out, "rows");
  if (!rows) {
    out += "null";
    return;
  }
  out += '{';
  AppendNumber(out, "taken", rows->taken);
  AppendNumber(out, "refused", rows->refused);
  out += '}';
}

void AppendError(std::string& out, const std::optional<Error>& error) {
  AppendName(out, "error");
  if (!error) {
    out += "null";
    return;
  }
  out += '{';
  AppendText(out, "code", revops::ToString(error->code));
  AppendText(out, "message", error->message);
  out += '}';
}

}  // namespace

std::string_view ToString(ImportState state) {
  for (const auto& [value, text] : kStates) {
    if (value == state) return text;
  }
  return {};
}

std::optional<ImportState> ParseImportState(std::string_view text) {
  for (const auto& [value, name] : kStates) {
    if (name == text) return value;
  }
  return std::nullopt;
}

bool is_import_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string ImportJobJson(const ImportJob& job) {
  std::string out = "{";
  AppendText(out, "id", job.id);
  AppendName(out, "file");
  out += '{';
  AppendText(out, "name", job.file_name);
  AppendNumber(out, "size_bytes", job.file_size_bytes);
  out += '}';
  AppendText(out, "requested_by", job.requested_by);
  AppendText(out, "state", ToString(job.state));
  AppendInstant(out, "created_at", job.created_at);
  AppendInstant(out, "ended_at", job.ended_at);
  AppendProgress(out, job.progress);
  AppendText(out, "mapping", job.mapping);
  AppendText(out, "mode", job.mode);
  AppendDate(out, "as_of", job.as_of);
  AppendDate(out, "date_in_name", job.date_in_name);
  AppendRows(out, job.rows);
  AppendText(out, "snapshot_id", job.snapshot_id);
  AppendName(out, "undo");
  out += '{';
  AppendFlag(out, "possible", job.can_be_undone);
  AppendText(out, "reason", job.not_undone_because);
  out += '}';
  AppendError(out, job.error);
  return out + '}';
}

}  // namespace revops::api
