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
    if (mapping.shape == shape) return InspectFile(file, mapping, stop);
  }
  guessed.mapping.name = mappings.NameFor(file.name, shape);
  guessed.mapping.shape = shape;
  return guessed;
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
