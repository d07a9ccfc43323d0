#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "apps/revops/file_parser.h"
#include "apps/revops/imports/mapping_folder.h"
#include "core/base/result.h"
#include "core/mapping/inspection.h"

namespace revops::app {

/// A file under the mapping that was remembered for its columns, else under a guess, which gets a
/// name of its own. Errors: InspectFile's.
Result<mapping::Inspection> InspectUnderRemembered(const ForeignFile& file,
                                                   const MappingFolder& mappings,
                                                   const std::stop_token& stop);

/// Errors: kInvalidArgument when the mapping's currency is not `report_currency` (nullopt: any is),
/// or a mapping of other files says something else of a word or of the currency: definitions can
/// hold one of the two.
Result<void> CheckAgreement(const mapping::Mapping& mapping, const MappingFolder& mappings,
                            const std::optional<std::string>& report_currency);

/// The same as a problem of an inspection.
void NoteDisagreement(mapping::Inspection& inspection, const MappingFolder& mappings,
                      const std::optional<std::string>& report_currency);

/// Why a file cannot be imported as it was inspected: its problems, its open questions, rows that
/// would be refused (unless they may be left out), no row at all. Errors: kInvalidArgument.
Result<void> CheckReady(const mapping::Inspection& inspection, bool skip_refused);

}  // namespace revops::app
