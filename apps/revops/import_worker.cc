#include "apps/revops/import_worker.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "apps/revops/foreign_input.h"
#include "apps/revops/inspect_table.h"
#include "apps/revops/jail.h"
#include "apps/revops/refused_rows.h"
#include "apps/revops/row_documents.h"
#include "apps/revops/table_rows.h"
#include "core/foreign/byte_source.h"
#include "core/mapping/mapping.h"
#include "core/mapping/rates.h"

namespace revops::app {
namespace {

constexpr int kInputDescriptor = 0;
constexpr int kOutputDescriptor = 1;
constexpr int kRefusalsDescriptor = 3;
constexpr int kMappingDescriptor = 4;
constexpr int kRatesDescriptor = 5;
constexpr std::size_t kMappingBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kRatesBytesMax = std::size_t{16} << 20U;

Result<void> WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return Fail(ErrorCode::kUnavailable,
                  "there is no room for the file's rows: make room on the disk that has TMPDIR");
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> ReadText(int fd, std::size_t bytes_max) {
  std::string text(bytes_max, '\0');
  REVOPS_TRY_ASSIGN(const auto source, foreign::DescriptorSource::Open(fd));
  REVOPS_TRY_ASSIGN(const std::size_t got, source.ReadAt(0, text));
  text.resize(got);
  return text;
}

Result<std::optional<mapping::RateTable>> ReadRates(const ImportWorkerOptions& options) {
  if (options.rates.empty()) return std::optional<mapping::RateTable>();
  REVOPS_TRY_ASSIGN(const std::string text, ReadText(kRatesDescriptor, kRatesBytesMax));
  REVOPS_TRY_ASSIGN(auto table,
                    mapping::RateTable::ParseCsv(text, options.rates, options.rates_target));
  return std::optional(std::move(table));
}

Result<std::optional<mapping::Mapping>> ReadMapping() {
  REVOPS_TRY_ASSIGN(const std::string text, ReadText(kMappingDescriptor, kMappingBytesMax));
  if (text.empty()) return std::optional<mapping::Mapping>();
  REVOPS_TRY_ASSIGN(mapping::Mapping mapping, mapping::ParseJson(text));
  return std::optional(std::move(mapping));
}

Result<void> WriteRows(foreign::TableFile& file, const mapping::Mapping& mapping,
                       const mapping::RateTable* rates) {
  REVOPS_TRY_ASSIGN(TableRows rows, TableRows::Make(file.description(), mapping, rates));
  RowDocumentWriter documents(rows.schema(), [](std::string_view document) {
    return WriteAll(kOutputDescriptor, document);
  });
  RefusedRows refused(file.description().columns,
                      [](std::string_view text) { return WriteAll(kRefusalsDescriptor, text); });
  sales::Sale sale;
  REVOPS_TRY(file.Read([&](const foreign::FileRow& row) -> Result<void> {
    if (rows.is_left_out(row)) return {};
    const auto refusal = rows.Read(row, sale);
    return refusal ? refused.Add(row, *refusal) : documents.Add(sale);
  }));
  REVOPS_TRY(refused.Finish());
  return documents.Finish();
}

}  // namespace

Result<void> RunImportWorker(const ImportWorkerOptions& options) {
  REVOPS_TRY_ASSIGN(const auto source, foreign::DescriptorSource::Open(kInputDescriptor));
  std::array<char, 64> head{};
  REVOPS_TRY_ASSIGN(const std::size_t got, source.ReadAt(0, head));
  if (got == 0) return Fail(ErrorCode::kInvalidArgument, "the file is empty");
  REVOPS_TRY_ASSIGN(const InputFormat format, FindFormat({head.data(), got}, options.ending));
  REVOPS_TRY_ASSIGN(const auto file, OpenInput(kInputDescriptor, source, format,
                                               [] { return EnterJail(kInputDescriptor); }));
  REVOPS_TRY_ASSIGN(const auto wanted, ReadMapping());
  REVOPS_TRY_ASSIGN(const auto table, ReadRates(options));
  const mapping::RateTable* const rates = table ? &*table : nullptr;
  if (!options.inspects) {
    if (!wanted) return Fail(ErrorCode::kInvalidArgument, "there is no mapping to read rows by");
    return WriteRows(*file, *wanted, rates);
  }
  REVOPS_TRY_ASSIGN(const mapping::Inspection inspection, InspectTable(*file, wanted, rates));
  return WriteAll(kOutputDescriptor, mapping::ToJson(inspection));
}

}  // namespace revops::app
