#include "apps/revops/imports/inspect.h"

#include <cctype>
#include <utility>
#include <vector>

namespace revops::app {
namespace {

std::vector<std::string> ColumnsOf(const mapping::Inspection& inspection) {
  std::vector<std::string> columns;
  for (const mapping::FileColumn& column : inspection.columns) columns.push_back(column.name);
  return columns;
}

}  // namespace

Result<mapping::Inspection> InspectUnderRemembered(const ForeignFile& file,
                                                   const MappingFolder& mappings,
                                                   const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(mapping::Inspection guessed, InspectFile(file, std::nullopt, stop));
  const std::vector<std::string> columns = ColumnsOf(guessed);
  if (mapping::OwnColumns(columns)) return guessed;
  const std::string shape = mapping::ShapeOf(columns);
  for (const mapping::Mapping& mapping : mappings.Read().mappings) {
    if (mapping.shape == shape) return InspectFile(file, mapping, stop);
  }
  guessed.mapping.name = mappings.NameFor(file.name, shape);
  guessed.mapping.shape = shape;
  return guessed;
}

Result<void> CheckAgreement(const mapping::Mapping& mapping, const MappingFolder& mappings,
                            const std::optional<std::string>& report_currency) {
  if (mapping.name == mapping::kOwnColumnsName) return {};
  if (mapping.currency && report_currency && mapping.currency != report_currency) {
    return Fail(ErrorCode::kInvalidArgument,
                "the amounts are in " + *mapping.currency + " and report.currency is " +
                    *report_currency +
                    ": without a table of rates (import.rates) they are never added to each other");
  }
  for (const mapping::Mapping& other : mappings.Read().mappings) {
    if (other.name == mapping.name) continue;
    if (const auto both = mapping::Apply({}, {other, mapping}); !both) return Fail(both.error());
  }
  return {};
}

void NoteDisagreement(mapping::Inspection& inspection, const MappingFolder& mappings,
                      const std::optional<std::string>& report_currency) {
  const auto agreed = CheckAgreement(inspection.mapping, mappings, report_currency);
  if (agreed) return;
  std::string sentence = agreed.error().message + ".";
  sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
  inspection.findings.push_back({true, std::move(sentence)});
}

Result<void> CheckReady(const mapping::Inspection& inspection, bool skip_refused) {
  for (const mapping::Finding& finding : inspection.findings) {
    if (finding.is_problem) return Fail(ErrorCode::kInvalidArgument, finding.text);
  }
  if (!inspection.questions.empty()) {
    return Fail(ErrorCode::kInvalidArgument, inspection.questions[0].text);
  }
  if (inspection.refused > 0 && !skip_refused) {
    return Fail(ErrorCode::kInvalidArgument,
                std::to_string(inspection.refused) + (inspection.refused == 1 ? " row" : " rows") +
                    " would be refused: mend the file, or take the rest without them.");
  }
  if (inspection.taken == 0) {
    return Fail(ErrorCode::kInvalidArgument, "The file has no row that can be taken.");
  }
  if (inspection.is_ready()) return {};
  return Fail(ErrorCode::kInvalidArgument, "The mapping is not complete.");
}

}  // namespace revops::app
