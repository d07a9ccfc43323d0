#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <spawn.h>

#include "apps/revops/commands.h"
#include "apps/revops/staging_folder.h"
#include "apps/revops/text_table.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/verify.h"

extern char** environ;

namespace revops::app {
namespace {

using TextRow = std::vector<std::optional<std::string>>;

/// Rows of a stored snapshot on their way into the warehouse.
class SnapshotSource final : public warehouse::SaleSource {
 public:
  SnapshotSource(store::ObjectStore& store, const snapshot::Manifest& manifest)
      : store_(store), manifest_(manifest) {}

  const sales::Schema& schema() const { return manifest_.schema; }

  Result<void> ReadAll(sales::SaleSink& sink) override {
    return snapshot::ReadSnapshotRows(store_, manifest_, sink);
  }
  std::optional<std::string> origin() const override { return manifest_.origin; }

 private:
  store::ObjectStore& store_;
  const snapshot::Manifest& manifest_;
};

TextRow ToRow(const snapshot::SnapshotEntry& entry, bool current) {
  const cube::Tally total = entry.manifest.totals.total();
  return {entry.id,
          current ? "current" : "",
          entry.manifest.business_date.ToString(),
          ToString(entry.manifest.data_as_of),
          std::to_string(total.deals),
          total.amount.ToString(),
          entry.manifest.content_hash.substr(0, 16),
          entry.manifest.origin};
}

/// Lets rows pass that nobody wants, only that all of them can be read.
class NoSink final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> /*rows*/) override { return {}; }
};

/// Takes the snapshot's rows into the open warehouse, whose present table is kept beside it.
Result<std::string> ReplaceTable(Engine& engine, warehouse::DuckDbDatabase& database,
                                 SnapshotSource& source, std::stop_token stop) {
  const std::string name =
      "warehouse.before-restore-" + ToCompact(engine.clock().Now()) + ".duckdb";
  REVOPS_TRY(database.CopyTo(engine.folder().path / name));
  REVOPS_TRY(
      database.Import(source, source.schema(), warehouse::ImportMode::kRestore, std::move(stop)));
  return name;
}

Result<std::string> ReplaceDamagedWarehouse(Engine& engine, SnapshotSource& source,
                                            std::stop_token stop) {
  const auto fill = [&](warehouse::DuckDbDatabase& database) -> Result<void> {
    REVOPS_TRY(database.Import(source, source.schema(), warehouse::ImportMode::kRestore, stop));
    return {};
  };
  return engine.embedded().ReplaceDamagedFile(engine.clock().Now(), fill);
}

Result<void> RunTar(const std::filesystem::path& folder, const std::filesystem::path& file) {
  std::vector<std::string> words = {"tar", "-C", folder.string(), "-cf", file.string(), "."};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, "tar", nullptr, nullptr, arguments.data(), environ) != 0) {
    return Fail(ErrorCode::kUnavailable, "cannot run tar: install it");
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  if (status == 0) return {};
  return Fail(ErrorCode::kResourceExhausted,
              "tar could not write " + file.string() + ": is there room and permission?");
}

/// An object that was collected since it was listed is left out.
Result<void> CopyObject(Engine& engine, const std::string& key,
                        const std::filesystem::path& target) {
  const auto object = engine.store().Get(key);
  if (!object && object.error().code == ErrorCode::kNotFound) return {};
  if (!object) return Fail(WithContext(object.error(), "copying the store for the backup"));
  std::ofstream file(target, std::ios::binary);
  file.write(object->bytes.data(), static_cast<std::streamsize>(object->bytes.size()));
  file.flush();
  if (file) return {};
  return Fail(ErrorCode::kResourceExhausted,
              "cannot copy the store for the backup to " + target.parent_path().string());
}

Result<void> StageStore(Engine& engine, const std::filesystem::path& to) {
  // The pointer first: everything that it needs is listed after it.
  REVOPS_TRY_ASSIGN(auto objects, engine.store().List(""));
  std::stable_partition(objects.begin(), objects.end(), [](const store::ObjectInfo& info) {
    return info.key == snapshot::kPointerKey;
  });
  for (const store::ObjectInfo& info : objects) {
    const std::filesystem::path target = to / info.key;
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    REVOPS_TRY(CopyObject(engine, info.key, target));
  }
  return {};
}

}  // namespace

Result<void> RunSnapshots(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const TableFormat format, ParseTableFormat(Argument(request, "format")));
  REVOPS_TRY_ASSIGN(const auto entries, snapshot::ListSnapshots(engine.store()));
  const auto pointer = snapshot::ReadPointer(engine.store());
  if (!pointer && pointer.error().code != ErrorCode::kCorrupt) return Fail(pointer.error());
  std::string current;
  if (pointer) {
    if (const auto& held = *pointer) current = held->pointer.manifest.id;
  }
  std::vector<TextRow> rows;
  for (const auto& entry : entries) rows.push_back(ToRow(entry, entry.id == current));
  const std::vector<std::string> columns = {"snapshot", "state",  "business date", "data as of",
                                            "rows",     "amount", "content",       "origin"};
  REVOPS_TRY(io.write(RenderTable(columns, rows, format)));
  if (pointer) return {};
  return Fail(ErrorCode::kCorrupt,
              std::string(snapshot::kPointerKey) +
                  ", which names the current snapshot, is damaged: the newest one that proves "
                  "itself is served; `revops process` mends it");
}

Result<void> RunVerify(Engine& engine, const CommandRequest& /*request*/, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const auto report, snapshot::Verify(engine.store()));
  std::string text;
  for (const auto& damage : report.damages) text += damage.key + ": " + damage.what + "\n";
  text += Counted(report.snapshots, "snapshot") + ", " + Counted(report.objects, "object") + ", " +
          Counted(report.bytes, "byte") + " read, " + std::to_string(report.damages.size()) +
          " damaged\n";
  REVOPS_TRY(io.write(text));
  if (report.damages.empty()) return {};
  return Fail(ErrorCode::kCorrupt,
              "the store is damaged: what still proves itself is served. `revops process --full` "
              "writes the current snapshot anew; take from a backup what is damaged after that, "
              "for it belongs to earlier snapshots alone");
}

Result<void> RunRestore(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::string id = Argument(request, "id");
  const auto manifest = snapshot::ReadManifest(engine.store(), id);
  if (!manifest && manifest.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound,
                "there is no snapshot '" + id + "': `revops snapshots` lists them");
  }
  if (!manifest) return Fail(manifest.error());
  const auto database = engine.database();
  if (!database && engine.snowflake() != nullptr) return Fail(database.error());
  // Before anything is changed.
  NoSink sink;
  REVOPS_TRY(WithContext(snapshot::ReadSnapshotRows(engine.store(), *manifest, sink),
                         "nothing was changed"));
  SnapshotSource source(engine.store(), *manifest);
  const auto kept = database ? ReplaceTable(engine, **database, source, io.stop)
                             : ReplaceDamagedWarehouse(engine, source, io.stop);
  if (!kept) return Fail(kept.error());
  return io.write("The present table is kept as " + *kept + ".\nFCT_SALES holds the " +
                  Counted(manifest->row_count(), "row") + " of snapshot " + id + ".\n");
}

Result<void> RunBackup(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::filesystem::path file = Argument(request, "file");
  const StagingFolder staging(engine.folder().path / "backup.partial");
  REVOPS_TRY(StageStore(engine, staging.path() / "store"));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CopyTo(staging.path() / engine.folder().warehouse_file().filename()));
  std::error_code error;
  std::vector<std::filesystem::path> files = {engine.folder().config_file(),
                                              engine.folder().format_file()};
  const std::filesystem::path rates = engine.settings().import_rates;
  if (rates.parent_path() == engine.folder().path) files.push_back(rates);
  for (const auto& name : files) {
    std::filesystem::copy_file(name, staging.path() / name.filename(), error);
  }
  std::filesystem::copy(engine.folder().mappings_folder(), staging.path() / "mappings", error);
  std::filesystem::path partial = file;
  partial += ".partial";
  REVOPS_TRY(RunTar(staging.path(), partial));
  std::filesystem::rename(partial, file, error);
  if (error) return Fail(ErrorCode::kUnavailable, "cannot write the backup: " + error.message());
  const std::string own_store =
      engine.settings().s3 ? " and an empty REVOPS_STORE_URL, which leaves S3 alone" : "";
  return io.write("The backup is " + file.string() + "; `tar -xf` it into an empty folder and " +
                  "serve that with --data" + own_store + ".\n");
}

}  // namespace revops::app
