#include "apps/revops/import_worker.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "apps/revops/import_row.h"
#include "apps/revops/jail.h"
#include "apps/revops/row_documents.h"
#include "core/base/logging.h"
#include "core/warehouse/duckdb/foreign_file.h"

namespace revops::app {
namespace {

constexpr int kInputDescriptor = 0;
constexpr int kRowsDescriptor = 1;
constexpr int kRefusalsDescriptor = 3;
constexpr std::uint64_t kRefusalsMax = 100'000;

Result<void> WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return Fail(ErrorCode::kResourceExhausted, "there is no room for the file's rows");
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<warehouse::ForeignFormat> ParseFormat(const std::string& text) {
  if (text == "csv") return warehouse::ForeignFormat::kCsv;
  if (text == "parquet") return warehouse::ForeignFormat::kParquet;
  if (text == "jsonl") return warehouse::ForeignFormat::kJsonLines;
  return Fail(ErrorCode::kInvalidArgument, "unknown format " + text);
}

/// Refusals, each a line of JSON in the end.
class RefusalList {
 public:
  void Add(std::uint64_t number, Refusal refusal) {
    if (refusals_.size() < kRefusalsMax) refusals_.push_back({number, std::move(refusal)});
  }

  /// Rows become lines of the file where it is text that people open at a line.
  Result<void> Write(warehouse::ForeignFile& file, bool is_csv) {
    if (is_csv) REVOPS_TRY(TurnIntoLines(file));
    for (const Numbered& refused : refusals_) {
      std::string text = (is_csv ? "{\"line\":" : "{\"row\":") + std::to_string(refused.number);
      if (!refused.refusal.column.empty()) {
        text += ",\"column\":";
        AppendJsonString(text, refused.refusal.column);
      }
      text += ",\"reason\":";
      AppendJsonString(text, refused.refusal.reason);
      text += "}\n";
      REVOPS_TRY(WriteAll(kRefusalsDescriptor, text));
    }
    return {};
  }

 private:
  struct Numbered {
    std::uint64_t number = 0;
    Refusal refusal;
  };

  Result<void> TurnIntoLines(warehouse::ForeignFile& file) {
    std::vector<std::uint64_t> rows;
    for (const Numbered& refused : refusals_) rows.push_back(refused.number);
    if (!rows.empty()) {
      REVOPS_TRY_ASSIGN(const auto lines, file.LinesOf(rows));
      for (std::size_t i = 0; i < lines.size(); ++i) refusals_[i].number = lines[i];
    }
    REVOPS_TRY_ASSIGN(const auto rejected, file.rejected_lines());
    for (const auto& line : rejected) Add(line.line, {"", line.reason});
    std::sort(refusals_.begin(), refusals_.end(),
              [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
    return {};
  }

  std::vector<Numbered> refusals_;
};

Result<void> ReadRows(warehouse::ForeignFile& file, const ImportRowReader& reader,
                      RefusalList& refusals) {
  RowDocumentWriter documents(sales::Schema::FctSales(), [](std::string_view document) {
    return WriteAll(kRowsDescriptor, document);
  });
  std::uint64_t number = 0;
  sales::Sale row;
  REVOPS_TRY(file.Read(
      reader.file_columns(), [&](auto values, const warehouse::Misfit* misfit) -> Result<void> {
        ++number;
        auto refusal = misfit ? std::optional(Refusal{misfit->column, misfit->reason})
                              : reader.Read(values, row);
        if (!refusal) return documents.Add(row);
        refusals.Add(number, *std::move(refusal));
        return {};
      }));
  return documents.Finish();
}

}  // namespace

Result<void> RunImportWorker(const ImportWorkerOptions& options) {
  REVOPS_TRY_ASSIGN(const warehouse::ForeignFormat format, ParseFormat(options.format));
  REVOPS_TRY_ASSIGN(const auto file, warehouse::ForeignFile::Open("/proc/self/fd/0", format, [] {
                      return EnterJail(kInputDescriptor);
                    }));
  REVOPS_TRY_ASSIGN(const auto reader,
                    ImportRowReader::Make(sales::Schema::FctSales(), file->columns()));
  RefusalList refusals;
  REVOPS_TRY(ReadRows(*file, reader, refusals));
  return refusals.Write(*file, format == warehouse::ForeignFormat::kCsv);
}

}  // namespace revops::app
