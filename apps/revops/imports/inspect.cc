#include "apps/revops/imports/inspect.h"

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
                                                   std::stop_token stop) {
  REVOPS_TRY_ASSIGN(mapping::Inspection guessed, InspectFile(file, std::nullopt, stop));
  const std::vector<std::string> columns = ColumnsOf(guessed);
  if (mapping::OwnColumns(columns)) return guessed;
  const std::string shape = mapping::ShapeOf(columns);
  for (const mapping::Mapping& mapping : mappings.Read().mappings) {
    if (mapping.shape != shape) continue;
    REVOPS_TRY_ASSIGN(mapping::Inspection inspection, InspectFile(file, mapping, stop));
    NoteDisagreement(mappings, inspection);
    return inspection;
  }
  guessed.mapping.name = mappings.NameFor(file.name, shape);
  guessed.mapping.shape = shape;
  NoteDisagreement(mappings, guessed);
  return guessed;
}

Result<void> CheckAgreement(const MappingFolder& mappings, const mapping::Mapping& mapping) {
  if (mapping.name == mapping::kOwnColumnsName) return {};
  for (const mapping::Mapping& other : mappings.Read().mappings) {
    if (other.name == mapping.name) continue;
    if (const auto both = mapping::Apply({}, {other, mapping}); !both) return Fail(both.error());
  }
  return {};
}

void NoteDisagreement(const MappingFolder& mappings, mapping::Inspection& inspection) {
  const auto agreed = CheckAgreement(mappings, inspection.mapping);
  if (agreed) return;
  std::string sentence = agreed.error().message + ".";
  sentence.front() = 'T';
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
