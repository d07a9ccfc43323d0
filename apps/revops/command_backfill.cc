#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "apps/revops/backfill_client.h"
#include "apps/revops/commands.h"
#include "apps/revops/imports/inspect.h"
#include "apps/revops/imports/mapping_folder.h"
#include "apps/revops/staging_folder.h"
#include "apps/revops/text_table.h"
#include "core/processor/history.h"
#include "core/snapshot/part.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/verify.h"

namespace revops::app {
namespace {

constexpr std::size_t kFilesMax = 10'000;

/// What the table held at the end of one day, in a database of its own.
struct PastTable {
  Date date;
  Instant as_of;
  std::string file;  ///< for people
  sales::Schema schema = sales::Schema::FctSales();
  std::filesystem::path database;
  std::vector<mapping::Mapping> mappings;  ///< of its files that have one
};

/// What a later file says of words, and what only earlier ones do.
void AddWordsOf(const mapping::Mapping& earlier, mapping::Mapping& later) {
  later.statuses.insert(earlier.statuses.begin(), earlier.statuses.end());
  for (const std::string& stage : earlier.stages) {
    const bool is_there =
        std::find(later.stages.begin(), later.stages.end(), stage) != later.stages.end();
    if (!is_there) later.stages.push_back(stage);
  }
}

/// The rows of one file, a document a piece of input.
class PieceSource final : public warehouse::SaleSource {
 public:
  PieceSource(CommandIo& io, const sales::Schema& schema) : io_(io), schema_(schema) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    for (;;) {
      REVOPS_TRY_ASSIGN(const std::string piece, io_.read());
      if (piece.empty()) return Fail(ErrorCode::kCancelled, "the rows break off");
      if (piece == kEndOfFile) return {};
      REVOPS_TRY(snapshot::ReadRows(piece, schema_, sink));
    }
  }

 private:
  CommandIo& io_;
  const sales::Schema& schema_;
};

/// The rows of the newest day on their way into FCT_SALES.
class TableSource final : public warehouse::SaleSource {
 public:
  explicit TableSource(warehouse::Warehouse& warehouse) : warehouse_(warehouse) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    REVOPS_TRY_ASSIGN(const auto read, warehouse_.BeginRead({}));
    return read->ReadDays(warehouse::DaySelection::All(), sink);
  }

 private:
  warehouse::Warehouse& warehouse_;
};

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

class Backfill {
 public:
  Backfill(Engine& engine, const CommandRequest& request, CommandIo& io)
      : engine_(engine), request_(request), io_(io) {}

  Result<std::vector<PastDay>> Run() {
    const std::scoped_lock alone(engine_.history_mutex());
    const StagingFolder staging(engine_.folder().path / "backfill.partial");
    REVOPS_TRY(ReadTables(staging.path()));
    REVOPS_TRY(RememberMappings());
    config_ = engine_.refresh().config();
    const auto published = PublishAll();
    engine_.TellOfHistory();
    REVOPS_TRY(published);
    REVOPS_TRY(WarnOfRetention());
    return made_;
  }

 private:
  /// All of them before anything is written.
  Result<void> ReadTables(const std::filesystem::path& staging) {
    const std::string files = Argument(request_, "files");
    for (std::size_t i = 0; std::to_string(i) != files; ++i) {
      if (i == kFilesMax) {
        return Fail(ErrorCode::kInvalidArgument,
                    "at most " + std::to_string(kFilesMax) + " files are taken at once");
      }
      REVOPS_TRY_ASSIGN(PastTable table, ParseTable("." + std::to_string(i)));
      if (tables_.empty() || tables_.back().date != table.date) {
        table.database = staging / (std::to_string(i) + ".duckdb");
        tables_.push_back(std::move(table));
      } else if (tables_.back().schema == table.schema) {
        tables_.back().file += ", " + table.file;
        tables_.back().mappings.insert(tables_.back().mappings.end(), table.mappings.begin(),
                                       table.mappings.end());
      } else {
        return Fail(ErrorCode::kInvalidArgument, tables_.back().file + " and " + table.file +
                                                     " are both of " + table.date.ToString() +
                                                     " but have different columns");
      }
      REVOPS_TRY(Fill(tables_.back()));
    }
    if (!tables_.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument, "no file was given");
  }

  Result<PastTable> ParseTable(const std::string& suffix) const {
    PastTable table;
    const auto date = Date::Parse(Argument(request_, "as_of" + suffix));
    if (!date) return Fail(ErrorCode::kInvalidArgument, "a file has no date");
    table.date = *date;
    REVOPS_TRY_ASSIGN(table.as_of,
                      processor::EndOfDay(*date, engine_.settings().zone, engine_.clock().Now()));
    table.file = Argument(request_, "file" + suffix);
    REVOPS_TRY_ASSIGN(table.schema,
                      sales::Schema::ForSales(Split(Argument(request_, "dimensions" + suffix)),
                                              !Argument(request_, "text_ids" + suffix).empty()));
    const std::string mapping = Argument(request_, "mapping" + suffix);
    if (mapping.empty()) return table;
    REVOPS_TRY_ASSIGN(table.mappings.emplace_back(),
                      mapping::ParseToml(mapping, Argument(request_, "mapping_name" + suffix)));
    REVOPS_TRY(CheckAgreement(table.mappings.back(),
                              MappingFolder(engine_.folder().mappings_folder()),
                              engine_.settings().definitions.currency));
    return table;
  }

  Result<std::unique_ptr<warehouse::DuckDbDatabase>> Open(const PastTable& table) const {
    warehouse::DuckDbConfig config;
    config.file = table.database;
    config.time_zone = engine_.settings().zone.name();
    return warehouse::DuckDbDatabase::Open(config);
  }

  Result<void> Fill(const PastTable& table) {
    REVOPS_TRY_ASSIGN(const auto database, Open(table));
    PieceSource source(io_, table.schema);
    REVOPS_TRY(database->Import(source, table.schema, warehouse::ImportMode::kAppend, io_.stop));
    return {};
  }

  /// Of each shape one, by the newest file; those that are remembered stay as they are.
  Result<void> RememberMappings() {
    const MappingFolder folder(engine_.folder().mappings_folder());
    std::set<std::string> known;
    for (const mapping::Mapping& mapping : folder.Read().mappings) known.insert(mapping.shape);
    std::map<std::string, mapping::Mapping> fresh;
    for (auto table = tables_.rbegin(); table != tables_.rend(); ++table) {
      for (const mapping::Mapping& mapping : table->mappings) {
        if (known.contains(mapping.shape)) continue;
        const auto [later, is_first] = fresh.emplace(mapping.shape, mapping);
        if (!is_first) AddWordsOf(mapping, later->second);
      }
    }
    for (const auto& [shape, mapping] : fresh) REVOPS_TRY(folder.Save(mapping));
    const auto redefined = engine_.Redefine();
    return redefined ? redefined : io_.write(Describe(redefined.error()) + "\n");
  }

  /// What is current reflects the table. On the very first day there is neither: the newest file
  /// is the table then, and its snapshot, which is published first, the current one.
  Result<void> PublishAll() {
    REVOPS_TRY_ASSIGN(const auto pointer, snapshot::ReadPointer(engine_.store()));
    REVOPS_TRY_ASSIGN(const bool is_empty, IsEmpty(pointer));
    if (is_empty) REVOPS_TRY(FillTable(tables_.back()));
    const bool is_first = is_empty && !pointer;
    if (is_first) REVOPS_TRY(Publish(tables_.back()));
    if (is_empty != !pointer) {
      REVOPS_TRY(engine_.refresh().RunAnew({.requested_by = "command"}, io_.stop));
    }
    for (const PastTable& table : tables_) {
      if (!is_first || &table != &tables_.back()) REVOPS_TRY(Publish(table));
    }
    return {};
  }

  Result<bool> IsEmpty(const std::optional<snapshot::StoredPointer>& pointer) {
    if (engine_.snowflake() != nullptr) return false;
    REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine_.database());
    REVOPS_TRY(database->CreateSalesTable());
    REVOPS_TRY_ASSIGN(const auto read, engine_.warehouse().BeginRead(io_.stop));
    REVOPS_TRY_ASSIGN(const auto digests, read->ReadDayDigests());
    if (!digests.days.empty()) return false;
    if (!pointer) return true;
    REVOPS_TRY_ASSIGN(const auto manifest,
                      snapshot::ReadManifest(engine_.store(), pointer->pointer.manifest.id));
    return manifest.row_count() == 0;
  }

  Result<void> FillTable(const PastTable& newest) {
    REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * table, engine_.database());
    REVOPS_TRY_ASSIGN(const auto database, Open(newest));
    const auto past = database->AsWarehouse(config_.definitions, engine_.clock());
    TableSource source(*past);
    REVOPS_TRY_ASSIGN(
        const std::uint64_t rows,
        table->Import(source, newest.schema, warehouse::ImportMode::kReplace, io_.stop));
    return io_.write("FCT_SALES was empty and holds the " + Counted(rows, "row") + " of " +
                     newest.file + " now.\n");
  }

  Result<void> Publish(const PastTable& table) {
    REVOPS_TRY_ASSIGN(const auto database, Open(table));
    const auto past = database->AsWarehouse(config_.definitions, engine_.clock());
    processor::RefreshConfig config = config_;
    config.source = {"file", table.file};
    config.origin = sales::kOwnRows;
    processor::RefreshRequest request;
    request.as_of = table.as_of;
    request.stop = io_.stop;
    REVOPS_TRY_ASSIGN(const auto report,
                      processor::Refresh(*past, engine_.store(), engine_.clock(), config, request));
    made_.push_back({table.date, report.snapshot_id, report.rows});
    const bool is_new = report.outcome == processor::RefreshOutcome::kPublished;
    return io_.write(table.date.ToString() + "  " + report.snapshot_id + "  " +
                     Counted(report.rows, "row") + " of " + table.file +
                     (is_new ? "\n" : ", was there already\n"));
  }

  /// Nothing of what was made goes without notice.
  Result<void> WarnOfRetention() {
    REVOPS_TRY_ASSIGN(const auto expired,
                      snapshot::ListExpired(engine_.store(), engine_.clock().Now()));
    const auto count = static_cast<std::uint64_t>(
        std::count_if(expired.begin(), expired.end(), [&](const std::string& id) {
          return std::any_of(made_.begin(), made_.end(),
                             [&](const PastDay& day) { return day.snapshot_id == id; });
        }));
    if (count == 0) return {};
    return io_.write("Of these, the next refresh lets " + Counted(count, "snapshot") +
                     " go: of days more than 35 days ago history keeps the last snapshot of each "
                     "week, after a year of each month.\n");
  }

  Engine& engine_;
  const CommandRequest& request_;
  CommandIo& io_;
  processor::RefreshConfig config_;
  std::vector<PastTable> tables_;  ///< ascending by date
  std::vector<PastDay> made_;
};

}  // namespace

Result<std::vector<PastDay>> FillHistory(Engine& engine, const CommandRequest& request,
                                         CommandIo& io) {
  return Backfill(engine, request, io).Run();
}

Result<void> RunBackfill(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY(FillHistory(engine, request, io));
  return {};
}

}  // namespace revops::app
