#include <string_view>
#include <utility>

#include "apps/revops/backfill_client.h"
#include "apps/revops/commands.h"
#include "apps/revops/engine.h"
#include "apps/revops/file_parser.h"
#include "apps/revops/imports/local_import_desk.h"
#include "core/base/check.h"

namespace revops::app {

Result<void> LocalImportDesk::TakeAsHistory(ImportEntry& entry, const ParsedFile& file,
                                            const std::stop_token& stop) {
  REVOPS_CHECK(entry.job.as_of.has_value() && entry.mapping.has_value());
  const auto run = [&](const CommandRequest& request, CommandIo& io) -> Result<void> {
    io.write = [](std::string_view) -> Result<void> { return {}; };
    io.stop = stop;
    REVOPS_TRY_ASSIGN(const auto days, FillHistory(engine_, request, io));
    entry.job.snapshot_id = days.back().snapshot_id;
    entry.job.rows->taken = days.back().rows;
    return {};
  };
  return SendDatedRows(
      {DatedRowsOf(*entry.job.as_of, entry.job.file_name, *entry.mapping, file.rows)}, run);
}

}  // namespace revops::app
