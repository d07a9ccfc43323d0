#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "apps/revops/rates_file.h"
#include "apps/revops/worker_process.h"
#include "core/base/result.h"
#include "core/foreign/byte_source.h"
#include "core/mapping/inspection.h"
#include "core/mapping/mapping.h"

namespace revops::app {

/// A file to be parsed.
struct ForeignFile {
  const Descriptor& input;  ///< seekable, read from its start
  std::string name;         ///< tells the format where the content does not
  std::optional<RatesFile> rates;
};

/// A foreign file as it would be imported: read by a jailed worker process of its own.
/// nullopt for `mapping`: the worker guesses one.
///
/// Errors: kInvalidArgument with a sentence on the file; kCancelled when `stop` was asked, which
///         kills the worker at once; kResourceExhausted when there is no room for its output.
Result<mapping::Inspection> InspectFile(const ForeignFile& file,
                                        const std::optional<mapping::Mapping>& mapping,
                                        const std::stop_token& stop);

/// What the worker made of one file.
struct ParsedFile {
  Descriptor rows_file;
  /// In it, documents (row_documents.h) of the columns of SchemaOf(mapping).
  foreign::DescriptorSource rows;
  MappedFile refusals;    ///< CSV: the file's own columns, REFUSED_LINE, REFUSED_BECAUSE
  std::uint64_t refused;  ///< rows in `refusals`
};

/// The file's rows under a mapping. Errors: as InspectFile.
Result<ParsedFile> ParseFile(const ForeignFile& file, const mapping::Mapping& mapping,
                             const std::stop_token& stop);

}  // namespace revops::app
