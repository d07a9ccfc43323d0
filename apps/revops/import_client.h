#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/revops/control.h"
#include "core/base/result.h"

namespace revops::app {

struct ImportOptions {
  std::vector<std::string> files;
  std::string mode = "append";  ///< "append", "replace", "upsert"
  bool skip_refused = false;
  std::string as_of;  ///< the files are of that earlier day (see dated_files.h); empty: of now
};

/// Parses the files in a worker process each and sends their rows, all of them in one transaction,
/// to the "import" command by way of `run`. Without --skip-refused a refused row means that nothing
/// is taken; all refusals are written to a new file beside the input, which the error names.
/// Errors: kInvalidArgument also when "replace" would leave nothing because no row was read.
Result<void> ImportFiles(const ImportOptions& options,
                         const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run);

}  // namespace revops::app
