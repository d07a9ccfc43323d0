#include "apps/revops/imports/import_journal.h"

#include <algorithm>
#include <utility>

#include "apps/revops/imports/durable_file.h"
#include "core/base/json_document.h"
#include "core/base/json_writer.h"

namespace revops::app {
namespace {

ErrorCode ReadCode(const JsonValue& error) {
  const std::string name = error.Text("code");
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    if (ToString(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
  }
  return ErrorCode::kInternal;
}

api::ImportJob ReadJob(const JsonValue& value) {
  api::ImportJob job;
  job.id = value.Text("id");
  job.file_name = value.Object("file").Text("name");
  job.file_size_bytes = value.Object("file").Count("size_bytes");
  job.requested_by = value.Text("requested_by");
  const auto state = api::ParseImportState(value.Text("state"));
  if (!state) value.Refuse("has an unknown state");
  job.state = state.value_or(api::ImportState::kFailed);
  job.created_at = value.At("created_at");
  job.ended_at = value.MaybeAt("ended_at");
  job.mapping = value.MaybeText("mapping");
  job.mode = value.MaybeText("mode");
  if (value.MaybeText("as_of")) job.as_of = value.On("as_of");
  if (value.MaybeText("date_in_name")) job.date_in_name = value.On("date_in_name");
  if (const auto rows = value.MaybeObject("rows")) {
    job.rows = api::ImportJob::Rows{rows->Count("taken"), rows->Count("refused")};
  }
  job.snapshot_id = value.MaybeText("snapshot_id");
  if (const auto error = value.MaybeObject("error")) {
    job.error = Error{ReadCode(*error), error->Text("message"), {}, {}};
  }
  return job;
}

}  // namespace

std::string Encode(const ImportEntry& entry) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("job").Raw(api::ImportJobJson(entry.job));
  json.Key("mapping");
  entry.mapping ? json.Text(mapping::ToJson(*entry.mapping)) : json.Null();
  json.Key("is_taken").Bool(entry.is_taken);
  json.Key("snapshot_before").Text(entry.snapshot_before);
  json.Key("content_before").Text(entry.content_before);
  json.Key("content_after").Text(entry.content_after);
  json.Key("has_saved_mapping").Bool(entry.has_saved_mapping);
  json.Key("mapping_file_before").Text(entry.mapping_file_before);
  json.End('}');
  return out;
}

Result<ImportEntry> ParseImportEntry(std::string_view text) {
  JsonDocument document(text, "the import");
  const JsonValue root = document.root();
  ImportEntry entry;
  entry.job = ReadJob(root.Object("job"));
  const auto mapping = root.MaybeText("mapping");
  entry.is_taken = root.Flag("is_taken");
  entry.snapshot_before = root.Text("snapshot_before");
  entry.content_before = root.Text("content_before");
  entry.content_after = root.Text("content_after");
  entry.has_saved_mapping = root.Flag("has_saved_mapping");
  entry.mapping_file_before = root.MaybeText("mapping_file_before");
  REVOPS_TRY(document.status());
  if (mapping) {
    REVOPS_TRY_ASSIGN(entry.mapping, mapping::ParseJson(*mapping));
  }
  return entry;
}

Result<void> ImportJournal::Make(std::string_view id) const {
  std::error_code error;
  std::filesystem::create_directories(folder_ / id, error);
  if (!error) return {};
  return Fail(error == std::errc::no_space_on_device ? ErrorCode::kResourceExhausted
                                                     : ErrorCode::kUnavailable,
              "cannot keep the file in " + folder_.string() + ": " + error.message());
}

Result<void> ImportJournal::Save(const ImportEntry& entry) const {
  return ReplaceFile(folder_ / entry.job.id / "job.json", Encode(entry));
}

std::vector<ImportEntry> ImportJournal::Load() const {
  std::vector<ImportEntry> entries;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder_, error)) {
    const std::string id = item.path().filename().string();
    if (!api::is_import_id(id)) continue;
    const auto text = ReadWholeFile(item.path() / "job.json");
    if (!text) continue;  // Perhaps it can be read next time.
    auto entry = ParseImportEntry(text->value_or(""));
    if (entry && entry->job.id == id) {
      entries.push_back(*std::move(entry));
    } else {
      Remove(id);
    }
  }
  std::sort(entries.begin(), entries.end(), [](const ImportEntry& a, const ImportEntry& b) {
    return std::pair(a.job.created_at, a.job.id) > std::pair(b.job.created_at, b.job.id);
  });
  return entries;
}

void ImportJournal::DropFile(std::string_view id) const {
  std::error_code ignored;
  std::filesystem::remove(file(id), ignored);
  std::filesystem::remove(inspection(id), ignored);
}

void ImportJournal::Remove(std::string_view id) const {
  std::error_code ignored;
  std::filesystem::remove_all(folder_ / id, ignored);
}

}  // namespace revops::app
