#pragma once

#include <string>

#include "core/base/result.h"

namespace revops::app {

struct ImportWorkerOptions {
  std::string format;  ///< "csv", "parquet", "jsonl"
};

/// The separate process that reads a foreign file, because hostile files crash parsers: descriptor
/// 0 is the file, 1 takes canonical rows, 3 takes refusals. Gives up all other rights first (no
/// files, no sockets, no new processes; limited memory and time).
Result<void> RunImportWorker(const ImportWorkerOptions& options);

}  // namespace revops::app
