#include "core/mapping/inspection.h"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"
#include "core/mapping/json_fields.h"

namespace revops::mapping {
namespace {

namespace json = boost::json;

constexpr std::size_t kColumnsMax = 1'000;
constexpr std::size_t kTextMax = 4'096;
constexpr std::size_t kNotesMax = 200;
constexpr std::size_t kSamplesMax = 3;

void AppendKey(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  AppendJsonString(out, name);
  out += ':';
}

void AppendCount(std::string& out, std::string_view name, std::uint64_t count) {
  AppendKey(out, name);
  out += std::to_string(count);
}

/// Empty is null.
void AppendWord(std::string& out, std::string_view name, const std::string& text) {
  AppendKey(out, name);
  AppendText(out, text.empty() ? std::nullopt : std::optional(text));
}

template <class Items, class Append>
void AppendList(std::string& out, std::string_view name, const Items& items, Append append) {
  AppendKey(out, name);
  out += '[';
  bool is_first = true;
  for (const auto& item : items) {
    if (!std::exchange(is_first, false)) out += ',';
    append(out, item);
  }
  out += ']';
}

void AppendMaybe(std::string& out, const std::optional<std::string>& text) {
  AppendText(out, text);
}

void AppendColumn(std::string& out, const FileColumn& column) {
  out += '{';
  AppendKey(out, "name");
  AppendJsonString(out, column.name);
  AppendCount(out, "filled", column.filled);
  AppendKey(out, "samples");
  AppendTexts(out, column.samples);
  if (!column.values) {
    AppendKey(out, "values");
    out += "null}";
    return;
  }
  AppendList(out, "values", *column.values, [](std::string& to, const auto& value) {
    to += '{';
    AppendKey(to, "text");
    AppendJsonString(to, value.first);
    AppendCount(to, "rows", value.second);
    to += '}';
  });
  out += '}';
}

void AppendQuestion(std::string& out, const Question& question) {
  out += '{';
  AppendKey(out, "about");
  AppendJsonString(out, question.about);
  AppendKey(out, "text");
  AppendJsonString(out, question.text);
  AppendKey(out, "choices");
  AppendTexts(out, question.choices);
  out += '}';
}

void AppendFinding(std::string& out, const Finding& finding) {
  out += finding.is_problem ? "{\"level\":\"problem\"" : "{\"level\":\"warning\"";
  AppendKey(out, "text");
  AppendJsonString(out, finding.text);
  out += '}';
}

void AppendOutcome(std::string& out, const Inspection& inspection) {
  AppendKey(out, "outcome");
  out += '{';
  AppendCount(out, "taken", inspection.taken);
  AppendCount(out, "refused", inspection.refused);
  AppendKey(out, "amount");
  AppendJsonString(out, inspection.amount.ToString());
  AppendKey(out, "by_status");
  out += '{';
  for (const sales::Status status : sales::kStatuses) {
    const auto found = inspection.by_status.find(status);
    AppendCount(out, sales::ToString(status),
                found == inspection.by_status.end() ? 0 : found->second);
  }
  out += "}}";
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

void AppendPreview(std::string& out, const PreviewRow& row, const std::vector<std::string>& names) {
  out += '{';
  AppendCount(out, "number", row.number);
  AppendList(out, "values", row.values, AppendMaybe);
  AppendKey(out, "becomes");
  if (row.becomes.empty()) {
    out += "null";
  } else {
    out += '{';
    for (std::size_t i = 0; i < std::min(names.size(), row.becomes.size()); ++i) {
      AppendKey(out, names[i]);
      AppendText(out, row.becomes[i]);
    }
    out += '}';
  }
  AppendKey(out, "counts_as");
  AppendJsonString(out, sales::ToString(row.counts_as));
  AppendKey(out, "refused");
  if (row.refused_because.empty()) {
    out += "null}";
    return;
  }
  out += '{';
  AppendKey(out, "column");
  AppendJsonString(out, row.refused_column);
  AppendKey(out, "reason");
  AppendJsonString(out, row.refused_because);
  out += "}}";
}

std::vector<std::optional<std::string>> ReadCells(JsonFields& fields, std::string_view name) {
  std::vector<std::optional<std::string>> cells;
  for (const json::value& item : fields.Array(name)) {
    if (item.is_null()) {
      cells.emplace_back();
    } else if (item.is_string() && item.get_string().size() <= kTextMax) {
      cells.emplace_back(std::string(item.get_string()));
    } else {
      fields.Refuse(name, "must be a list of short texts");
      return {};
    }
  }
  if (cells.size() > kColumnsMax) fields.Refuse(name, "is too long");
  return cells;
}

/// Reads every item of a list by `read`, whose first problem becomes that of `fields`.
template <class Read>
void ReadEach(JsonFields& fields, std::string_view name, std::size_t items_max, Read read) {
  const json::array& items = fields.Array(name);
  if (items.size() > items_max) return fields.Refuse(name, "is too long");
  for (const json::value& item : items) {
    if (!item.is_object()) return fields.Refuse(name, "must be a list of objects");
    JsonFields of(item.get_object());
    read(of);
    if (of.problem()) return fields.Refuse(name, "has one whose " + *of.problem());
  }
}

FileColumn ReadColumn(JsonFields& of) {
  FileColumn column;
  column.name = of.Text("name");
  column.filled = of.Count("filled");
  column.samples = of.Texts("samples");
  if (column.samples.size() > kSamplesMax) of.Refuse("samples", "is too long");
  std::vector<std::pair<std::string, std::uint64_t>> values;
  if (of.is_null("values")) return column;
  ReadEach(of, "values", FileColumn::kValuesMax, [&](JsonFields& value) {
    values.emplace_back(value.Text("text"), value.Count("rows"));
  });
  column.values = std::move(values);
  return column;
}

PreviewRow ReadPreview(JsonFields& of, const std::vector<std::string>& names) {
  PreviewRow row;
  row.number = of.Count("number");
  row.values = ReadCells(of, "values");
  const auto status = sales::ParseStatus(of.Text("counts_as"));
  if (!status) of.Refuse("counts_as", "is no status");
  row.counts_as = status.value_or(sales::Status::kUnknown);
  if (!of.is_null("becomes")) {
    JsonFields becomes(of.Object("becomes"));
    for (const std::string& name : names) row.becomes.push_back(becomes.MaybeText(name));
    if (becomes.problem()) of.Refuse("becomes", "has one whose " + *becomes.problem());
  }
  if (of.is_null("refused")) return row;
  JsonFields refused(of.Object("refused"));
  row.refused_column = refused.Text("column");
  row.refused_because = refused.Text("reason");
  if (refused.problem() || row.refused_because.empty()) of.Refuse("refused", "has no reason");
  return row;
}

void ReadOutcome(JsonFields& fields, Inspection& inspection) {
  JsonFields outcome(fields.Object("outcome"));
  inspection.taken = outcome.Count("taken");
  inspection.refused = outcome.Count("refused");
  const auto amount = Money::Parse(outcome.Text("amount"));
  if (!amount) outcome.Refuse("amount", "is no amount");
  inspection.amount = amount.value_or(Money());
  JsonFields by_status(outcome.Object("by_status"));
  for (const sales::Status status : sales::kStatuses) {
    inspection.by_status[status] = by_status.Count(sales::ToString(status));
  }
  if (by_status.problem()) outcome.Refuse("by_status", "lacks a count");
  if (outcome.problem()) fields.Refuse("outcome", "has one whose " + *outcome.problem());
}

}  // namespace

bool Inspection::is_ready() const {
  return questions.empty() && taken > 0 &&
         std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.is_problem; });
}

std::string ToJson(const Inspection& inspection) {
  std::string out = "{";
  AppendKey(out, "format");
  AppendJsonString(out, inspection.format);
  AppendWord(out, "encoding", inspection.encoding);
  AppendWord(out, "delimiter", inspection.delimiter);
  AppendWord(out, "sheet", inspection.sheet);
  AppendKey(out, "header_line");
  out += inspection.header_line == 0 ? "null" : std::to_string(inspection.header_line);
  AppendCount(out, "rows", inspection.rows);
  AppendList(out, "columns", inspection.columns, AppendColumn);
  AppendKey(out, "mapping");
  out += ToJson(inspection.mapping);
  AppendList(out, "questions", inspection.questions, AppendQuestion);
  AppendList(out, "findings", inspection.findings, AppendFinding);
  AppendKey(out, "ready");
  out += inspection.is_ready() ? "true" : "false";
  AppendOutcome(out, inspection);
  const std::vector<std::string> names = AnswerNames(inspection.mapping);
  AppendList(out, "preview", inspection.preview,
             [&](std::string& to, const PreviewRow& row) { AppendPreview(to, row, names); });
  return out + "}";
}

Result<Inspection> ParseInspection(std::string_view text) {
  const auto object = ParseJsonObject(text);
  if (!object) return Fail(ErrorCode::kCorrupt, "what the import worker found is no JSON object");
  JsonFields fields(*object);
  Inspection inspection;
  inspection.format = fields.Text("format");
  inspection.encoding = fields.MaybeText("encoding").value_or("");
  inspection.delimiter = fields.MaybeText("delimiter").value_or("");
  inspection.sheet = fields.MaybeText("sheet").value_or("");
  if (!fields.is_null("header_line")) inspection.header_line = fields.Count("header_line");
  inspection.rows = fields.Count("rows");
  auto mapping = ParseJson(json::serialize(fields.Object("mapping")));
  if (!mapping) return Fail(ErrorCode::kCorrupt, std::move(mapping).error().message);
  inspection.mapping = *std::move(mapping);
  ReadEach(fields, "columns", kColumnsMax,
           [&](JsonFields& of) { inspection.columns.push_back(ReadColumn(of)); });
  ReadEach(fields, "questions", kNotesMax, [&](JsonFields& of) {
    inspection.questions.push_back({of.Text("about"), of.Text("text"), of.Texts("choices")});
  });
  ReadEach(fields, "findings", kNotesMax, [&](JsonFields& of) {
    inspection.findings.push_back({of.Text("level") == "problem", of.Text("text")});
  });
  ReadOutcome(fields, inspection);
  const std::vector<std::string> names = AnswerNames(inspection.mapping);
  ReadEach(fields, "preview", Inspection::kPreviewRowsMax,
           [&](JsonFields& of) { inspection.preview.push_back(ReadPreview(of, names)); });
  if (!fields.problem()) return inspection;
  return Fail(ErrorCode::kCorrupt,
              "what the import worker found does not fit: " + *fields.problem());
}

}  // namespace revops::mapping
