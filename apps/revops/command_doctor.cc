#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/revops/commands.h"
#include "apps/revops/jail.h"
#include "apps/revops/rates_file.h"
#include "apps/revops/watch_import.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/snapshot.h"

namespace revops::app {
namespace {

using Finding = warehouse::WarehouseFinding;

std::vector<Finding> ExamineWarehouse(Engine& engine) {
  const auto report = engine.warehouse().Examine();
  if (!report) return {{false, "warehouse", Describe(report.error())}};
  std::vector<Finding> findings = {{true, "warehouse", report->engine}};
  findings.insert(findings.end(), report->findings.begin(), report->findings.end());
  return findings;
}

Finding ExamineStoreWrites(Engine& engine) {
  const std::string key = "revops/doctor-" + NewId(engine.random());
  const auto put = engine.store().Put(key, "x", store::PutCondition::IfAbsent());
  const auto removed = engine.store().Delete(key);
  if (!put) return {false, "store_writable", Describe(put.error())};
  if (!removed) return {false, "store_writable", Describe(removed.error())};
  return {true, "store_writable", engine.store_name()};
}

Finding ExamineSnapshot(Engine& engine) {
  const auto current = snapshot::OpenCurrent(engine.store(), nullptr);
  if (!current) return {false, "snapshot", Describe(current.error())};
  const std::optional<snapshot::Current>& now = *current;
  if (!now) {
    return {false, "snapshot", "none was published yet: run `revops process` or `revops serve`"};
  }
  if (now->degraded) {
    return {false, "snapshot",
            *now->degraded + ", serving " + now->snapshot->id() +
                ": `revops process --full` builds a new one"};
  }
  return {true, "snapshot", now->snapshot->id() + ", data as of " + ToString(now->data_as_of)};
}

Finding ExamineClock(Engine& engine) {
  const Instant now = engine.clock().Now();
  constexpr Instant kBuilt = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  if (now < kBuilt) {
    return {false, "clock", ToString(now) + " lies in the past: set the machine's clock"};
  }
  return {true, "clock",
          ToString(now) + ", today is " + engine.settings().zone.DateAt(now).ToString() + " in " +
              engine.settings().zone.name()};
}

/// The scheduled time that the last run served, if it is still to come.
std::optional<Instant> ScheduledAhead(Engine& engine) {
  const auto read = snapshot::ReadPointer(engine.store());
  if (!read) return std::nullopt;
  const std::optional<snapshot::StoredPointer>& stored = *read;
  if (!stored || !stored->pointer.scheduled_ahead_of(engine.clock().Now())) return std::nullopt;
  return stored->pointer.last_scheduled_for;
}

Finding ExamineSchedule(Engine& engine) {
  const auto& schedule = engine.settings().schedule;
  if (const auto ahead = ScheduledAhead(engine)) {
    return {false, "schedule",
            "the last run was on behalf of " + ToString(*ahead) +
                ", when a clock was ahead, and none is due before that: run `revops process`"};
  }
  return {true, "schedule",
          schedule.expression() + " " + schedule.zone().name() + ", next at " +
              ToString(schedule.NextAfter(engine.clock().Now()))};
}

Finding ExamineMappings(Engine& engine) {
  const auto redefined = engine.Redefine();
  if (!redefined) return {false, "mappings", Describe(redefined.error())};
  return {true, "mappings", "what files and their words mean can be read"};
}

std::optional<Finding> ExamineRates(const Engine& engine) {
  const auto rates = ReadRates(engine.settings());
  if (!rates) return Finding{false, "rates", Describe(rates.error())};
  if (!*rates) return std::nullopt;
  return Finding{true, "rates", engine.settings().import_rates};
}

std::optional<Finding> ExamineWatchedFolder(const Engine& engine) {
  if (engine.settings().import_watch.empty()) return std::nullopt;
  const std::filesystem::path folder = WatchedFolderOf(engine);
  if (access(folder.c_str(), R_OK | W_OK | X_OK) == 0) {
    return Finding{true, "watched_folder", folder.string()};
  }
  return Finding{false, "watched_folder",
                 folder.string() + " cannot be read and written: " + std::strerror(errno) +
                     ". Files are taken from it again as soon as it can"};
}

Finding ExamineImportJail() {
  if (can_close_files()) return {true, "import_jail", "foreign files are parsed without any other"};
  return {false, "import_jail",
          "this kernel lacks Landlock: a hostile file that takes over the parser could read other "
          "files. Use Linux 5.13 or later with Landlock enabled"};
}

}  // namespace

Result<void> RunDoctor(Engine& engine, const CommandRequest& /*request*/, CommandIo& io) {
  std::vector<Finding> findings = {{true, "configuration", engine.folder().path.string()}};
  const auto warehouse = ExamineWarehouse(engine);
  findings.insert(findings.end(), warehouse.begin(), warehouse.end());
  findings.push_back(ExamineStoreWrites(engine));
  findings.push_back(ExamineSnapshot(engine));
  findings.push_back(ExamineClock(engine));
  findings.push_back(ExamineSchedule(engine));
  if (engine.imports()) findings.push_back(ExamineMappings(engine));
  findings.push_back(ExamineImportJail());
  if (auto watched = ExamineWatchedFolder(engine)) findings.push_back(*std::move(watched));
  if (auto rates = ExamineRates(engine)) findings.push_back(*std::move(rates));
  bool healthy = true;
  std::string text;
  for (const Finding& finding : findings) {
    const std::string word = finding.ok ? "ok    " : finding.is_legal ? "warn  " : "FAIL  ";
    text += word + finding.check + ": " + finding.message + "\n";
    healthy = healthy && (finding.ok || finding.is_legal);
  }
  REVOPS_TRY(io.write(text));
  if (healthy) return {};
  return Fail(ErrorCode::kUnavailable, "the doctor found trouble: see the lines marked FAIL");
}

}  // namespace revops::app
