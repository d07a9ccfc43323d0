#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/revops/control.h"
#include "apps/revops/rates_file.h"
#include "core/base/result.h"

namespace revops::app {

struct ImportOptions {
  std::vector<std::string> files;
  std::string mode = "append";  ///< "append", "replace", "upsert"
  bool skip_refused = false;
  std::string as_of;                 ///< the files are of that earlier day (see dated_files.h);
                                     ///< empty: of now
  std::string mapping;               ///< the name of the one to be used; empty: the
                                     ///< remembered one, else a guess
  std::vector<std::string> answers;  ///< "date_order=day_month_year"
  bool preview = false;              ///< prints what the files would become, and writes nothing
};

/// What files are read by.
struct ImportSurroundings {
  std::filesystem::path mappings;  ///< the folder of those that are remembered
  std::optional<RatesFile> rates;
  std::optional<std::string> report_currency;
};

/// Parses the files in a worker process each and sends their rows, all of them in one transaction,
/// to the "import" command by way of `run`. A guess that leaves a question open is written to the
/// folder of mappings as a draft. Without --skip-refused a refused
/// row means that nothing is taken; all refusals are written to a new file beside the input, which
/// the error names. Errors: kInvalidArgument also when "replace" would leave nothing because no row
/// was read, and
///         for files that need different mappings.
Result<void> ImportFiles(const ImportOptions& options, const ImportSurroundings& surroundings,
                         const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run);

}  // namespace revops::app
