#include "core/mapping/inspection.h"

#include <algorithm>
#include <utility>

#include "core/mapping/mapping_json.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kColumnsMax = 1'000;
constexpr std::size_t kTextMax = 4'096;
constexpr std::size_t kNotesMax = 200;
constexpr std::size_t kSamplesMax = 3;

/// Empty is null.
void WriteWord(JsonWriter& json, const std::string& text) {
  text.empty() ? json.Null() : json.Text(text);
}

template <class Items, class Write>
void WriteList(JsonWriter& json, const Items& items, Write write) {
  json.Begin('[');
  for (const auto& item : items) write(item);
  json.End(']');
}

void WriteColumn(JsonWriter& json, const FileColumn& column) {
  json.Begin('{');
  json.Key("name").Text(column.name);
  json.Key("filled").Count(column.filled);
  json.Key("samples").Texts(column.samples);
  json.Key("values");
  if (column.values) {
    WriteList(json, *column.values, [&](const auto& value) {
      json.Begin('{');
      json.Key("text").Text(value.first);
      json.Key("rows").Count(value.second);
      json.End('}');
    });
  } else {
    json.Null();
  }
  json.End('}');
}

void WriteQuestion(JsonWriter& json, const Question& question) {
  json.Begin('{');
  json.Key("about").Text(question.about);
  json.Key("text").Text(question.text);
  json.Key("choices").Texts(question.choices);
  json.End('}');
}

void WriteFinding(JsonWriter& json, const Finding& finding) {
  json.Begin('{');
  json.Key("level").Text(finding.is_problem ? "problem" : "warning");
  json.Key("text").Text(finding.text);
  json.End('}');
}

void WriteOutcome(JsonWriter& json, const Inspection& inspection) {
  json.Begin('{');
  json.Key("taken").Count(inspection.taken);
  json.Key("refused").Count(inspection.refused);
  json.Key("amount").Amount(inspection.amount);
  json.Key("by_status").Begin('{');
  for (const sales::Status status : sales::kStatuses) {
    const auto found = inspection.by_status.find(status);
    json.Key(sales::ToString(status))
        .Count(found == inspection.by_status.end() ? 0 : found->second);
  }
  json.End('}');
  json.End('}');
}

/// The names that `becomes` has in answers; empty where the mapping has no schema.
std::vector<std::string> AnswerNames(const Mapping& mapping) {
  std::vector<std::string> names;
  const auto schema = SchemaOf(mapping);
  if (!schema) return names;
  for (const sales::Column& column : schema->columns()) {
    std::string name = column.name;
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    names.push_back(std::move(name));
  }
  return names;
}

void WritePreview(JsonWriter& json, const PreviewRow& row, const std::vector<std::string>& names) {
  json.Begin('{');
  json.Key("number").Count(row.number);
  WriteList(json.Key("values"), row.values, [&](const auto& text) { json.Text(text); });
  json.Key("becomes");
  if (row.becomes.empty()) {
    json.Null();
  } else {
    json.Begin('{');
    for (std::size_t i = 0; i < std::min(names.size(), row.becomes.size()); ++i) {
      json.Key(names[i]).Text(row.becomes[i]);
    }
    json.End('}');
  }
  json.Key("counts_as").Text(sales::ToString(row.counts_as));
  json.Key("refused");
  if (row.refused_because.empty()) {
    json.Null();
  } else {
    json.Begin('{');
    json.Key("column").Text(row.refused_column);
    json.Key("reason").Text(row.refused_because);
    json.End('}');
  }
  json.End('}');
}

/// The items of a list that may have so many.
std::vector<JsonValue> ReadList(const JsonValue& value, std::string_view name,
                                std::size_t items_max) {
  std::vector<JsonValue> items = value.Array(name);
  if (items.size() <= items_max) return items;
  value.Refuse("has too many in \"" + std::string(name) + "\"");
  return {};
}

std::vector<std::optional<std::string>> ReadCells(const JsonValue& value) {
  std::vector<std::optional<std::string>> cells;
  for (const JsonValue& item : ReadList(value, "values", kColumnsMax)) {
    std::optional<std::string> cell = item.AsMaybeText();
    if (cell && cell->size() > kTextMax) value.Refuse("has a long text in \"values\"");
    cells.push_back(std::move(cell));
  }
  return cells;
}

FileColumn ReadColumn(const JsonValue& value) {
  FileColumn column;
  column.name = value.Text("name");
  column.filled = value.Count("filled");
  column.samples = value.Texts("samples");
  if (column.samples.size() > kSamplesMax) value.Refuse("has too many in \"samples\"");
  if (!value.has("values")) return column;
  column.values.emplace();
  for (const JsonValue& item : ReadList(value, "values", FileColumn::kValuesMax)) {
    column.values->emplace_back(item.Text("text"), item.Count("rows"));
  }
  return column;
}

PreviewRow ReadPreview(const JsonValue& value, const std::vector<std::string>& names) {
  PreviewRow row;
  row.number = value.Count("number");
  row.values = ReadCells(value);
  const auto status = sales::ParseStatus(value.Text("counts_as"));
  if (!status) value.Refuse("has no status in \"counts_as\"");
  row.counts_as = status.value_or(sales::Status::kUnknown);
  if (const auto becomes = value.MaybeObject("becomes")) {
    for (const std::string& name : names) row.becomes.push_back(becomes->MaybeText(name));
  }
  if (const auto refused = value.MaybeObject("refused")) {
    row.refused_column = refused->Text("column");
    row.refused_because = refused->Text("reason");
    if (row.refused_because.empty()) value.Refuse("has no reason in \"refused\"");
  }
  return row;
}

void ReadOutcome(const JsonValue& value, Inspection& inspection) {
  inspection.taken = value.Count("taken");
  inspection.refused = value.Count("refused");
  inspection.amount = value.Amount("amount");
  const JsonValue by_status = value.Object("by_status");
  for (const sales::Status status : sales::kStatuses) {
    inspection.by_status[status] = by_status.Count(sales::ToString(status));
  }
}

}  // namespace

bool Inspection::is_ready() const {
  return questions.empty() && taken > 0 &&
         std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.is_problem; });
}

std::string ToJson(const Inspection& inspection) {
  std::string text;
  JsonWriter json(text);
  json.Begin('{');
  json.Key("format").Text(inspection.format);
  WriteWord(json.Key("encoding"), inspection.encoding);
  WriteWord(json.Key("delimiter"), inspection.delimiter);
  WriteWord(json.Key("sheet"), inspection.sheet);
  json.Key("header_line");
  inspection.header_line == 0 ? json.Null() : json.Count(inspection.header_line);
  json.Key("rows").Count(inspection.rows);
  WriteList(json.Key("columns"), inspection.columns,
            [&](const FileColumn& column) { WriteColumn(json, column); });
  WriteMapping(json.Key("mapping"), inspection.mapping);
  WriteList(json.Key("questions"), inspection.questions,
            [&](const Question& question) { WriteQuestion(json, question); });
  WriteList(json.Key("findings"), inspection.findings,
            [&](const Finding& finding) { WriteFinding(json, finding); });
  json.Key("ready").Bool(inspection.is_ready());
  WriteOutcome(json.Key("outcome"), inspection);
  const std::vector<std::string> names = AnswerNames(inspection.mapping);
  WriteList(json.Key("preview"), inspection.preview,
            [&](const PreviewRow& row) { WritePreview(json, row, names); });
  json.End('}');
  return text;
}

Result<Inspection> ParseInspection(std::string_view text) {
  JsonDocument document(text, "what the import worker found");
  const JsonValue root = document.root();
  Inspection inspection;
  inspection.format = root.Text("format");
  inspection.encoding = root.MaybeText("encoding").value_or("");
  inspection.delimiter = root.MaybeText("delimiter").value_or("");
  inspection.sheet = root.MaybeText("sheet").value_or("");
  inspection.header_line = root.MaybeCount("header_line").value_or(0);
  inspection.rows = root.Count("rows");
  inspection.mapping = ReadMapping(root.Object("mapping"));
  REVOPS_TRY(document.status());
  if (const auto problems = FindProblems(inspection.mapping); !problems.empty()) {
    root.Refuse("has a mapping whose " + problems.front());
  }
  for (const JsonValue& column : ReadList(root, "columns", kColumnsMax)) {
    inspection.columns.push_back(ReadColumn(column));
  }
  for (const JsonValue& question : ReadList(root, "questions", kNotesMax)) {
    inspection.questions.push_back(
        {question.Text("about"), question.Text("text"), question.Texts("choices")});
  }
  for (const JsonValue& finding : ReadList(root, "findings", kNotesMax)) {
    inspection.findings.push_back({finding.Text("level") == "problem", finding.Text("text")});
  }
  ReadOutcome(root.Object("outcome"), inspection);
  const std::vector<std::string> names = AnswerNames(inspection.mapping);
  for (const JsonValue& row : ReadList(root, "preview", Inspection::kPreviewRowsMax)) {
    inspection.preview.push_back(ReadPreview(row, names));
  }
  REVOPS_TRY(document.status());
  return inspection;
}

}  // namespace revops::mapping
