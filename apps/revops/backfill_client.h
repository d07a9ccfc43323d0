#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/revops/control.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/foreign/byte_source.h"
#include "core/mapping/mapping.h"

namespace revops::app {

/// What a file of an earlier day holds, parsed.
struct DatedRows {
  Date as_of;
  std::string file;
  std::string dimensions;  ///< further ones of its schema, "OWNER,SEGMENT"
  bool text_ids = false;
  const foreign::ByteSource* documents;  ///< see row_documents.h; must outlive the call
  /// What the file was read under; nullopt: it has the columns of FCT_SALES.
  std::optional<mapping::Mapping> mapping = std::nullopt;
};

/// Of a file that was parsed under the mapping.
DatedRows DatedRowsOf(Date as_of, std::string file, const mapping::Mapping& mapping,
                      const foreign::ByteSource& documents);

/// Sends the rows to the "backfill" command by way of `run`, in ascending order of their days.
/// Files of one day are one table.
/// Errors: kInvalidArgument also for a file without rows, which would say that there were no deals.
Result<void> SendDatedRows(
    std::vector<DatedRows> files,
    const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run);

/// Ends the rows of each file among the pieces that the command reads; no row document is this.
inline constexpr std::string_view kEndOfFile = "\n";

}  // namespace revops::app
