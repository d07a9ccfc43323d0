#pragma once

#include <string>

#include "core/base/result.h"

namespace revops::app {

struct ImportWorkerOptions {
  std::string ending;     ///< of the file's name: ".csv"
  bool inspects = false;  ///< says what the file would become, instead of its rows
};

/// The separate process that reads a foreign file, because hostile files crash parsers. Descriptor
/// 0 is the file and 4 the mapping's JSON (empty: guess one); 1 takes the inspection's JSON or the
/// canonical rows, 3 the refused rows. Gives up all other rights first (no files, no sockets, no
/// new processes; limited memory and time).
Result<void> RunImportWorker(const ImportWorkerOptions& options);

}  // namespace revops::app
