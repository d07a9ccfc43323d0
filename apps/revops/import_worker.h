#pragma once

#include <string>

#include "core/base/result.h"

namespace revops::app {

struct ImportWorkerOptions {
  std::string ending;        ///< of the file's name: ".csv"
  bool inspects = false;     ///< says what the file would become, instead of its rows
  std::string rates;         ///< what people know the table of rates by; empty: there is none
  std::string rates_target;  ///< the currency that it turns amounts into
};

/// The separate process that reads a foreign file, because hostile files crash parsers. Descriptor
/// 0 is the file, 4 the mapping's JSON (empty: guess one), 5 the table of rates; 1 takes the
/// inspection's JSON or the canonical rows, 3 the refused rows. Gives up all other rights first (no
/// files, no sockets, no new processes; limited memory and time).
/// Errors: kUnavailable, which the process ends with kWorkerUnavailable for, where the file is not
///         to blame: no room for what comes of it, no jail.
Result<void> RunImportWorker(const ImportWorkerOptions& options);

}  // namespace revops::app
