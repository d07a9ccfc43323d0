#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/revops/control.h"
#include "apps/revops/engine.h"
#include "core/base/date.h"
#include "core/base/result.h"

namespace revops::app {

/// Runs one command that needs the warehouse or the store: in the process that serves, or in the
/// one that was started for it. Output goes to `io.write`.
/// Errors: the command's; kInvalidArgument for an unknown command or argument.
Result<void> RunCommand(Engine& engine, const CommandRequest& request, CommandIo& io);

/// The value of an argument; empty when it was not given.
std::string Argument(const CommandRequest& request, const std::string& name);

Result<void> RunInit(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunSql(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunProcess(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunImport(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunUndoImport(Engine& engine, const CommandRequest& request, CommandIo& io);
/// Snapshots of files of earlier days; its input: backfill_client.h.
Result<void> RunBackfill(Engine& engine, const CommandRequest& request, CommandIo& io);
/// The snapshot that shows one of the days.
struct PastDay {
  Date date;
  std::string snapshot_id;
  std::uint64_t rows = 0;
};
/// The same, and what came of it; some days have two snapshots.
Result<std::vector<PastDay>> FillHistory(Engine& engine, const CommandRequest& request,
                                         CommandIo& io);
/// Imports what is dropped into a folder, until it is stopped.
Result<void> RunWatch(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunSnapshots(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunVerify(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunRestore(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunBackup(Engine& engine, const CommandRequest& request, CommandIo& io);
Result<void> RunDoctor(Engine& engine, const CommandRequest& request, CommandIo& io);

}  // namespace revops::app
