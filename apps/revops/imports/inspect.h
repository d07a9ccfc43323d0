#pragma once

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
                                                   std::stop_token stop);

/// Errors: kInvalidArgument when a mapping of other files says something else of a word or of the
/// currency: definitions can hold one of the two.
Result<void> CheckAgreement(const MappingFolder& mappings, const mapping::Mapping& mapping);

/// The same as a problem of the inspection, for one under a mapping that was given.
void NoteDisagreement(const MappingFolder& mappings, mapping::Inspection& inspection);

/// Why a file cannot be imported as it was inspected: its problems, its open questions, rows that
/// would be refused (unless they may be left out), no row at all. Errors: kInvalidArgument.
Result<void> CheckReady(const mapping::Inspection& inspection, bool skip_refused);

}  // namespace revops::app
