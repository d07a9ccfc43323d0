#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/error.h"
#include "core/base/http.h"
#include "core/base/result.h"
#include "core/mapping/inspection.h"
#include "core/mapping/mapping.h"
#include "core/snapshot/job.h"

namespace revops::api {

enum class ImportState {
  kInspecting,
  kWaiting,  ///< for somebody to look at it and take it
  kImporting,
  kPublishing,  ///< the rows are in the table
  kDone,
  kFailed,
  kUndoing,
  kUndone,
  kDiscarded,
};
std::string_view ToString(ImportState state);  ///< "inspecting" …
std::optional<ImportState> ParseImportState(std::string_view text);

/// One file that was handed over, as people follow it.
struct ImportJob {
  struct Progress {
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total;
    std::string unit;  ///< "bytes", "rows", "percent"
  };
  struct Rows {
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;
  };

  std::string id;  ///< 32 hex digits
  std::string file_name;
  std::uint64_t file_size_bytes = 0;
  std::string requested_by;  ///< "person", "command", "watch"
  ImportState state = ImportState::kInspecting;
  Instant created_at{};
  std::optional<Instant> ended_at;
  std::optional<Progress> progress;
  std::optional<std::string> mapping;  ///< its name
  std::optional<std::string> mode;     ///< "replace", "append", "upsert"
  std::optional<Date> as_of;           ///< taken as history: the day that the file tells of
  std::optional<Date> date_in_name;    ///< the one day that the file's name tells of
  std::optional<Rows> rows;
  std::optional<std::string> snapshot_id;  ///< the one that shows it
  bool can_be_undone = false;
  std::optional<std::string> not_undone_because;
  std::optional<Error> error;
};

/// The JSON object that answers, events and the journal hold.
std::string ImportJobJson(const ImportJob& job);
bool is_import_id(std::string_view text);

struct TakeOptions {
  std::string mode = "replace";  ///< or "append", "upsert"
  bool skip_refused = false;
  /// The file is the table as it stood on that earlier day: it becomes a snapshot in history, and
  /// the table stays as it is.
  std::optional<Date> as_of = std::nullopt;
};

/// Files on their way into the sales table. Thread-safe; may block, but on no import.
///
/// Errors of every call with an id: kNotFound; kAlreadyExists when the import is not in a state for
/// that, or another one runs.
class ImportDesk {
 public:
  virtual ~ImportDesk() = default;

  /// Where a file's bytes go; what is wrong with it is said by its Write, or by Accept. Does not
  /// block.
  virtual std::unique_ptr<HttpUpload> BeginUpload() = 0;
  /// Makes an import of an upload of this desk that has come whole; its inspection begins.
  virtual Result<ImportJob> Accept(HttpUpload& upload, const std::string& file_name) = 0;

  /// Newest first, at most 50.
  virtual std::vector<ImportJob> List() = 0;
  virtual Result<ImportJob> Find(std::string_view id) = 0;
  /// What one that waits would become. With a mapping it is inspected again, under that one; this
  /// alone may take as long as the file needs.
  virtual Result<mapping::Inspection> Inspect(std::string_view id,
                                              const std::optional<mapping::Mapping>& mapping) = 0;
  /// The text of the refused rows' CSV. Errors: kNotFound also when none were refused.
  virtual Result<std::string> RefusedRows(std::string_view id) = 0;

  /// Errors: kInvalidArgument also for an `as_of` that has not begun.
  virtual Result<ImportJob> Take(std::string_view id, const TakeOptions& options) = 0;
  virtual Result<ImportJob> Undo(std::string_view id) = 0;
  virtual Result<ImportJob> Discard(std::string_view id) = 0;

  /// By name. Errors: kCorrupt naming a file that cannot be read.
  virtual Result<std::vector<mapping::Mapping>> Mappings() = 0;
  /// Sets what words mean in the mapping of that name, made when there is none: its stages,
  /// statuses and currency; its columns stay. Starts a refresh.
  virtual Result<snapshot::RefreshJob> SaveMeaning(const mapping::Mapping& meaning) = 0;
};

}  // namespace revops::api
