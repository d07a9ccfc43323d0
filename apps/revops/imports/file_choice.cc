#include "apps/revops/imports/file_choice.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "apps/revops/imports/inspect.h"
#include "apps/revops/text_table.h"
#include "core/sales/schema.h"

namespace revops::app {
namespace {

using TextRow = std::vector<std::optional<std::string>>;

Result<mapping::Mapping> Named(const std::string& name, const MappingFolder& folder) {
  const MappingFolder::Contents contents = folder.Read();
  std::string known;
  for (const mapping::Mapping& mapping : contents.mappings) {
    if (mapping.name == name) return mapping;
    known += (known.empty() ? "" : ", ") + mapping.name;
  }
  for (const Error& error : contents.errors) {
    if (error.message.starts_with("mappings/" + name + ".toml")) return Fail(error);
  }
  return Fail(ErrorCode::kNotFound,
              "there is no mapping '" + name + "'" +
                  (known.empty() ? ": none is remembered yet" : "; there are " + known));
}

Result<void> Answer(std::string_view answer, mapping::Mapping& mapping) {
  const auto equals = answer.find('=');
  const std::string about(answer.substr(0, equals));
  const std::string text(equals == std::string_view::npos ? "" : answer.substr(equals + 1));
  if (about == "date_order") {
    if (const auto order = mapping::ParseDateOrder(text)) {
      mapping.date_order = *order;
      return {};
    }
  } else if (about == "decimal_mark") {
    if (const auto mark = mapping::ParseDecimalMark(text)) {
      mapping.decimal_mark = *mark;
      return {};
    }
  } else if (about == "currency" && !text.empty()) {
    mapping.currency = text;
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument,
              "--answer " + std::string(answer) +
                  " answers nothing: give date_order=day_month_year (or "
                  "month_day_year, "
                  "year_month_day), decimal_mark=comma (or point), or currency=EUR");
}

/// Under a mapping that is given a worker asks nothing; what nobody has answered stays open.
std::vector<mapping::Question> Unanswered(std::vector<mapping::Question> questions,
                                          const std::vector<std::string>& answers) {
  std::erase_if(questions, [&](const mapping::Question& question) {
    return std::any_of(answers.begin(), answers.end(), [&](const std::string& answer) {
      return answer.starts_with(question.about + "=");
    });
  });
  return questions;
}

std::string ForTerminal(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::string DescribeColumns(const mapping::Mapping& mapping) {
  std::vector<TextRow> rows;
  for (std::size_t i = 0; i < mapping::kFieldCount; ++i) {
    const auto field = static_cast<mapping::Field>(i);
    rows.push_back({std::string(ToString(field)), mapping.column(field)});
  }
  for (const mapping::MappedDimension& dimension : mapping.dimensions) {
    rows.push_back({dimension.name, dimension.column});
  }
  return RenderTable({"field", "column of the file"}, rows, TableFormat::kTable);
}

std::string DescribeRows(const mapping::Inspection& inspection) {
  const auto schema = SchemaOf(inspection.mapping);
  if (!schema) return {};
  std::vector<std::string> columns = {"row"};
  for (const sales::Column& column : schema->columns()) columns.push_back(column.name);
  columns.insert(columns.end(), {"counts as", "refused because"});
  std::vector<TextRow> rows;
  for (const mapping::PreviewRow& row : inspection.preview) {
    TextRow cells = {std::to_string(row.number)};
    cells.insert(cells.end(), row.becomes.begin(), row.becomes.end());
    cells.resize(schema->columns().size() + 1);
    const bool is_refused = !row.refused_because.empty();
    cells.push_back(is_refused ? "" : std::string(ToString(row.counts_as)));
    const std::string column = row.refused_column + (row.refused_column.empty() ? "" : " ");
    cells.push_back(is_refused ? column + row.refused_because : "");
    rows.push_back(std::move(cells));
  }
  return RenderTable(columns, rows, TableFormat::kTable);
}

}  // namespace

Result<mapping::Inspection> InspectAsChosen(const ForeignFile& file, const FileChoice& choice,
                                            const MappingFolder& mappings) {
  mapping::Inspection inspection;
  if (choice.mapping.empty()) {
    REVOPS_TRY_ASSIGN(inspection, InspectUnderRemembered(file, mappings, {}));
  } else {
    REVOPS_TRY_ASSIGN(mapping::Mapping named, Named(choice.mapping, mappings));
    REVOPS_TRY_ASSIGN(inspection, InspectFile(file, named, {}));
  }
  if (choice.answers.empty()) {
    NoteDisagreement(inspection, mappings, choice.report_currency);
    return inspection;
  }
  mapping::Mapping mapping = inspection.mapping;
  for (const std::string& answer : choice.answers) REVOPS_TRY(Answer(answer, mapping));
  REVOPS_TRY_ASSIGN(mapping::Inspection answered, InspectFile(file, mapping, {}));
  NoteDisagreement(answered, mappings, choice.report_currency);
  answered.questions = Unanswered(std::move(inspection.questions), choice.answers);
  return answered;
}

std::vector<std::string> Surprises(const mapping::Inspection& inspection) {
  std::vector<std::string> sentences;
  for (const mapping::Finding& finding : inspection.findings) {
    sentences.push_back(ForTerminal(finding.text));
  }
  return sentences;
}

std::string DescribeInspection(const mapping::Inspection& inspection) {
  std::string text = "Mapping " + inspection.mapping.name + ", " + inspection.format;
  if (!inspection.encoding.empty()) text += ", " + inspection.encoding;
  text += ", " + Counted(inspection.rows, "row") + "\n" + DescribeColumns(inspection.mapping);
  for (const mapping::Question& question : inspection.questions) {
    text += "? " + ForTerminal(question.text) + "  (";
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
      text += (i == 0 ? "--answer " : " or ") + question.about + "=" + question.choices[i];
    }
    text += ")\n";
  }
  for (const mapping::Finding& finding : inspection.findings) {
    text += (finding.is_problem ? "! " : "- ") + ForTerminal(finding.text) + "\n";
  }
  text += DescribeRows(inspection);
  return text + Counted(inspection.taken, "row") + " would be taken, " +
         std::to_string(inspection.refused) + " refused; the amounts come to " +
         inspection.amount.ToString() + ".\n";
}

}  // namespace revops::app
