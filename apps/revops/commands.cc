#include "apps/revops/commands.h"

#include <array>
#include <chrono>
#include <string_view>

#include "apps/revops/contracts.h"
#include "apps/revops/text_table.h"

namespace revops::app {
namespace {

using Command = Result<void> (*)(Engine&, const CommandRequest&, CommandIo&);

struct Entry {
  std::string_view name;
  Command run;
};

constexpr std::array kCommands = {
    Entry{"init", RunInit},         Entry{"sql", RunSql},       Entry{"process", RunProcess},
    Entry{"import", RunImport},     Entry{"verify", RunVerify}, Entry{"snapshots", RunSnapshots},
    Entry{"restore", RunRestore},   Entry{"backup", RunBackup}, Entry{"doctor", RunDoctor},
    Entry{"backfill", RunBackfill}, Entry{"watch", RunWatch},   Entry{"undo-import", RunUndoImport},
};

constexpr std::uint64_t kSqlRowsMax = 100'000;
constexpr std::chrono::seconds kSqlTimeout{30};

Result<void> ExecuteScript(Engine& engine, std::string_view script, std::stop_token stop) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  const auto deadline = engine.clock().SteadyNow() + kSqlTimeout;
  REVOPS_TRY(database->Execute(script, 0, deadline, std::move(stop)));
  return {};
}

Result<bool> HasSales(Engine& engine, std::stop_token stop) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY_ASSIGN(const auto found,
                    database->Execute("SELECT 1 FROM FCT_SALES LIMIT 1", 1,
                                      engine.clock().SteadyNow() + kSqlTimeout, std::move(stop)));
  return !found.rows.empty();
}

/// A statement on a table that is missing may mean the one that `revops init` makes.
Error WithAdvice(Engine& engine, Error error) {
  if (error.origin != "duckdb:catalog") return error;
  const auto read = engine.warehouse().BeginRead({});
  if (!read && read.error().code == ErrorCode::kNotFound) {
    error.message += " " + read.error().message;
  }
  return error;
}

}  // namespace

Result<void> RunCommand(Engine& engine, const CommandRequest& request, CommandIo& io) {
  for (const Entry& entry : kCommands) {
    if (entry.name == request.name) return entry.run(engine, request, io);
  }
  return Fail(ErrorCode::kInvalidArgument, "unknown command '" + request.name + "'");
}

std::string Argument(const CommandRequest& request, const std::string& name) {
  const auto found = request.arguments.find(name);
  return found == request.arguments.end() ? std::string() : found->second;
}

Result<void> RunInit(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CreateSalesTable());
  REVOPS_TRY(engine.warehouse().BeginRead(io.stop));  // A table that was there may not fit.
  if (Argument(request, "sample").empty()) {
    return io.write("FCT_SALES is there; fill it with `revops import FILE` or `revops sql`.\n");
  }
  REVOPS_TRY_ASSIGN(const bool has_sales, HasSales(engine, io.stop));
  if (has_sales) return io.write("FCT_SALES has rows already: the sample was not added.\n");
  REVOPS_TRY(ExecuteScript(engine, kSampleSalesSql, io.stop));
  REVOPS_TRY(engine.folder().WriteLabel("sample"));
  return io.write("FCT_SALES holds the eight sample rows.\n");
}

Result<void> RunSql(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const TableFormat format, ParseTableFormat(Argument(request, "format")));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  const auto ran = database->Execute(Argument(request, "statement"), kSqlRowsMax,
                                     engine.clock().SteadyNow() + kSqlTimeout, io.stop);
  if (!ran) return Fail(WithAdvice(engine, ran.error()));
  const warehouse::SqlTable& table = *ran;
  if (table.columns.empty() && table.rows_changed && format == TableFormat::kTable) {
    return io.write(Counted(*table.rows_changed, "row") + " changed.\n");
  }
  REVOPS_TRY(io.write(RenderTable(table.columns, table.rows, format)));
  if (table.truncated) {
    return Fail(ErrorCode::kResourceExhausted,
                "only the first " + std::to_string(kSqlRowsMax) + " rows are shown: add a LIMIT");
  }
  return {};
}

Result<void> RunProcess(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::string now = Argument(request, "now");
  if (!now.empty() && ParseInstant(now) != engine.clock().Now()) {
    return Fail(ErrorCode::kInvalidArgument,
                "--now " + now + " has no effect: the folder is served by a process with a clock " +
                    "of its own. Stop it, or leave --now out");
  }
  const bool reads_anew = !Argument(request, "full").empty();
  REVOPS_TRY_ASSIGN(
      const auto report,
      engine.refresh().RunAnew({.requested_by = "command", .reads_anew = reads_anew}, io.stop));
  return io.write(processor::ToJson(report) + "\n");
}

}  // namespace revops::app
