#include "apps/revops/import_worker.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

/// One refusal as a line of JSON.
class RefusalList {
 public:
  Result<void> Add(std::string_view place, std::uint64_t number, std::string_view column,
                   std::string_view reason) {
    if (++count_ > kRefusalsMax) return {};
    std::string line = "{\"" + std::string(place) + "\":" + std::to_string(number);
    if (!column.empty()) {
      line += ",\"column\":";
      AppendJsonString(line, column);
    }
    line += ",\"reason\":";
    AppendJsonString(line, reason);
    line += "}\n";
    return WriteAll(kRefusalsDescriptor, line);
  }

 private:
  std::uint64_t count_ = 0;
};

Result<void> ReadRows(warehouse::ForeignFile& file, const ImportRowReader& reader,
                      RefusalList& refusals) {
  RowDocumentWriter documents(sales::Schema::FctSales(), [](std::string_view document) {
    return WriteAll(kRowsDescriptor, document);
  });
  std::uint64_t number = 0;
  sales::Sale row;
  REVOPS_TRY(file.Read(reader.file_columns(), [&](auto values) -> Result<void> {
    ++number;
    if (const auto refusal = reader.Read(values, row)) {
      return refusals.Add("row", number, refusal->column, refusal->reason);
    }
    return documents.Add(row);
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
  REVOPS_TRY_ASSIGN(const auto rejected, file->rejected_lines());
  for (const auto& line : rejected) REVOPS_TRY(refusals.Add("line", line.line, {}, line.reason));
  return {};
}

}  // namespace revops::app
