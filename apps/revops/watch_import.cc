#include "apps/revops/watch_import.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <utility>

#include "apps/revops/imports/inspect.h"

namespace revops::app {
namespace {

using api::ImportState;

constexpr std::chrono::milliseconds kPollInterval{50};
constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

bool is_inspecting(ImportState state) { return state == ImportState::kInspecting; }

bool is_importing(ImportState state) {
  return state == ImportState::kImporting || state == ImportState::kPublishing;
}

/// Whether `stop` was asked meanwhile.
bool Pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, kPollInterval, [] { return false; });
  return stop.stop_requested();
}

}  // namespace

/// The file as a killed process had handed it over: it would wait for a person, beside itself.
void WatchImport::DiscardBrokenOff(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  for (const api::ImportJob& job : desk_.List()) {
    const bool holds_file =
        job.state == ImportState::kInspecting || job.state == ImportState::kWaiting;
    if (holds_file && job.requested_by == "watch" && job.created_at < started_at_ &&
        job.file_name == file.filename() && job.file_size_bytes == size) {
      static_cast<void>(desk_.Discard(job.id));
    }
  }
}

Result<api::ImportJob> WatchImport::HandOver(const std::filesystem::path& file) {
  const auto upload = desk_.BeginUpload();
  std::error_code error;
  if (std::filesystem::file_size(file, error) > upload->bytes_max() && !error) {
    return Fail(ErrorCode::kInvalidArgument, "the file is larger than import.bytes_max, " +
                                                 std::to_string(upload->bytes_max()) + " bytes");
  }
  std::ifstream input(file, std::ios::binary);
  std::string piece(kPieceBytes, '\0');
  while (input) {
    input.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto size = static_cast<std::size_t>(input.gcount());
    if (size > 0) REVOPS_TRY(upload->Write(std::string_view(piece).substr(0, size)));
  }
  if (!input.eof() || input.bad()) {
    return Fail(ErrorCode::kUnavailable, "cannot read " + file.string());
  }
  return accept_(*upload, file.filename().string());
}

Result<api::ImportJob> WatchImport::WaitWhile(const std::string& id, bool (*is_so)(ImportState),
                                              const std::stop_token& stop) {
  for (;;) {
    REVOPS_TRY_ASSIGN(api::ImportJob job, desk_.Find(id));
    if (!is_so(job.state)) return job;
    if (Pause(stop)) return Fail(ErrorCode::kCancelled, "stopped");
  }
}

bool WatchImport::is_remembered(const mapping::Mapping& mapping) {
  const auto known = desk_.Mappings();
  return known && std::any_of(known->begin(), known->end(), [&](const mapping::Mapping& one) {
           return one.shape == mapping.shape;
         });
}

Result<void> WatchImport::Take(const std::filesystem::path& file, const std::stop_token& stop) {
  DiscardBrokenOff(file);
  REVOPS_TRY_ASSIGN(api::ImportJob job, HandOver(file));
  const std::string id = job.id;
  auto inspected = WaitWhile(id, is_inspecting, stop);
  if (!inspected) {
    static_cast<void>(desk_.Discard(id));
    return Fail(std::move(inspected).error());
  }
  job = *std::move(inspected);
  if (job.error) return Fail(*job.error);
  REVOPS_TRY_ASSIGN(const mapping::Inspection inspection, desk_.Inspect(id, std::nullopt));
  if (auto ready = CheckReady(inspection, false); !ready) {
    Error error = std::move(ready).error();
    error.message += " The Data page shows it: it can be corrected and taken there.";
    return Fail(std::move(error));
  }
  const bool has_ids = inspection.mapping.column(mapping::Field::kId).has_value();
  if (!has_ids && mode_ != "replace" && !is_remembered(inspection.mapping)) {
    return Fail(ErrorCode::kInvalidArgument,
                "It has no ids, so it would replace the whole table, and nobody has looked at what "
                "its columns are taken for. The Data page shows it: once it was taken there, files "
                "of its columns are taken here.");
  }
  const auto taken = desk_.Take(id, {has_ids ? mode_ : "replace", false});
  if (!taken) {
    // Another import runs: this one comes again.
    static_cast<void>(desk_.Discard(id));
    if (taken.error().code != ErrorCode::kAlreadyExists) return Fail(taken.error());
    return Fail(ErrorCode::kUnavailable, taken.error().message);
  }
  REVOPS_TRY_ASSIGN(job, WaitWhile(id, is_importing, stop));
  if (job.state == ImportState::kFailed && job.error) return Fail(*job.error);
  return {};
}

}  // namespace revops::app
