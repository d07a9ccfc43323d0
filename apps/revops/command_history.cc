#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <spawn.h>

#include "apps/revops/commands.h"
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

  Result<void> ReadAll(sales::SaleSink& sink) override {
    return snapshot::ReadSnapshotRows(store_, manifest_, sink);
  }

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
          entry.manifest.content_hash.substr(0, 16)};
}

/// Saves the present table beside the warehouse file, or puts a damaged file aside.
Result<std::string> SavePresentTable(Engine& engine) {
  const Instant now = engine.clock().Now();
  const auto database = engine.database();
  if (!database && engine.snowflake() != nullptr) return Fail(database.error());
  if (!database) return engine.embedded().PutAsideDamagedFile(now);
  const std::string name = "warehouse.before-restore-" + ToCompact(now) + ".duckdb";
  REVOPS_TRY((*database)->CopyTo(engine.folder().path / name));
  return name;
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

/// A folder that is removed again.
class StagingFolder {
 public:
  explicit StagingFolder(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    std::filesystem::create_directories(path_, ignored);
  }
  ~StagingFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

Result<void> RunSnapshots(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const TableFormat format, ParseTableFormat(Argument(request, "format")));
  REVOPS_TRY_ASSIGN(const auto entries, snapshot::ListSnapshots(engine.store()));
  REVOPS_TRY_ASSIGN(const auto pointer, snapshot::ReadPointer(engine.store()));
  std::vector<TextRow> rows;
  for (const auto& entry : entries) {
    rows.push_back(ToRow(entry, pointer && pointer->pointer.manifest.id == entry.id));
  }
  const std::vector<std::string> columns = {"snapshot", "state",  "business date", "data as of",
                                            "rows",     "amount", "content"};
  return io.write(RenderTable(columns, rows, format));
}

Result<void> RunVerify(Engine& engine, const CommandRequest& /*request*/, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const auto report, snapshot::Verify(engine.store()));
  std::string text;
  for (const auto& damage : report.damages) text += damage.key + ": " + damage.what + "\n";
  text += std::to_string(report.snapshots) + " snapshots, " + std::to_string(report.objects) +
          " objects, " + std::to_string(report.bytes) + " bytes read, " +
          std::to_string(report.damages.size()) + " damaged\n";
  REVOPS_TRY(io.write(text));
  if (report.damages.empty()) return {};
  return Fail(ErrorCode::kCorrupt,
              "the store is damaged: what still proves itself is served; restore the rest from a "
              "backup or run `revops process`");
}

Result<void> RunRestore(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::string id = Argument(request, "id");
  REVOPS_TRY_ASSIGN(const auto manifest, snapshot::ReadManifest(engine.store(), id));
  REVOPS_TRY_ASSIGN(const std::string saved, SavePresentTable(engine));
  REVOPS_TRY(io.write("The present table is kept as " + saved + ".\n"));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CreateSalesTable());
  SnapshotSource source(engine.store(), manifest);
  REVOPS_TRY_ASSIGN(const std::uint64_t rows,
                    database->Import(source, warehouse::ImportMode::kReplace, io.stop));
  return io.write("FCT_SALES holds the " + std::to_string(rows) + " rows of snapshot " + id +
                  ".\n");
}

Result<void> RunBackup(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::filesystem::path file = Argument(request, "file");
  const StagingFolder staging(engine.folder().path / "backup.partial");
  REVOPS_TRY(StageStore(engine, staging.path() / "store"));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CopyTo(staging.path() / engine.folder().warehouse_file().filename()));
  std::error_code error;
  for (const auto& name : {engine.folder().config_file(), engine.folder().format_file()}) {
    std::filesystem::copy_file(name, staging.path() / name.filename(), error);
  }
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
