#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/revops/file_parser.h"
#include "apps/revops/imports/mapping_folder.h"
#include "core/base/result.h"
#include "core/mapping/inspection.h"

namespace revops::app {

/// How a file of the command line is to be read.
struct FileChoice {
  std::string mapping;                         ///< a name; empty: the remembered one, else a guess
  std::vector<std::string> answers;            ///< "date_order=day_month_year"
  std::optional<std::string> report_currency;  ///< that amounts have to be in; nullopt: any
};

/// The file under the mapping that was chosen for it, with the answers in it.
/// Errors: InspectFile's; kNotFound for a mapping that is not there; kInvalidArgument for an answer
///         to no question.
Result<mapping::Inspection> InspectAsChosen(const ForeignFile& file, const FileChoice& choice,
                                            const MappingFolder& mappings);

/// What would surprise in a file, each a sentence for a terminal: words of the file hold no
/// characters that it obeys.
std::vector<std::string> Surprises(const mapping::Inspection& inspection);

/// Columns, questions, what the rows come to and the first of them, for people.
std::string DescribeInspection(const mapping::Inspection& inspection);

}  // namespace revops::app
