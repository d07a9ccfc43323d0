#include "fuzz/foreign_check.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/base/check.h"
#include "core/foreign/csv_file.h"
#include "core/foreign/table_file.h"
#include "core/foreign/xlsx_file.h"
#include "core/foreign/zip_writer_testing.h"

namespace revops::fuzz {
namespace {

using Opened = Result<std::unique_ptr<foreign::TableFile>>;

/// What a reading gave, as one number.
struct Reading {
  bool is_whole = false;
  std::size_t hash = 0;
  std::size_t rows = 0;
};

Reading Read(foreign::TableFile& file, bool is_text) {
  Reading reading;
  std::uint64_t last = 0;
  const auto add = [&reading](std::string_view text) {
    reading.hash = reading.hash * 31 + std::hash<std::string_view>()(text);
  };
  const auto done = file.Read([&](const foreign::FileRow& row) -> Result<void> {
    REVOPS_CHECK(row.values.size() == file.description().columns.size());
    REVOPS_CHECK(row.number > file.description().header_line);
    REVOPS_CHECK(!is_text || row.number > last);
    last = row.number;
    ++reading.rows;
    for (const auto& value : row.values) {
      add(value.value_or("\\N"));
      REVOPS_CHECK(!value || value->find('\xFF') == std::string_view::npos);
    }
    add(row.fault);
    return {};
  });
  REVOPS_CHECK(done || done.error().code == ErrorCode::kInvalidArgument);
  reading.is_whole = done.has_value();
  for (const std::string& finding : file.findings()) add(finding);
  return reading;
}

void Check(const Opened& file, bool is_text) {
  if (!file) {
    REVOPS_CHECK(file.error().code == ErrorCode::kInvalidArgument);
    REVOPS_CHECK(!file.error().message.empty() && file.error().message.size() < 300);
    return;
  }
  const auto& table = (*file)->description();
  REVOPS_CHECK(!table.columns.empty() && table.columns.size() <= foreign::kColumnsMax);
  REVOPS_CHECK(table.columns.size() == table.column_faults.size());
  REVOPS_CHECK(std::set(table.columns.begin(), table.columns.end()).size() == table.columns.size());
  const Reading first = Read(**file, is_text);
  const Reading second = Read(**file, is_text);
  REVOPS_CHECK(first.is_whole == second.is_whole && first.rows == second.rows &&
               first.hash == second.hash);
}

}  // namespace

void CheckCsvDialect(std::string_view bytes) {
  const foreign::MemorySource source(bytes);
  Check(foreign::OpenCsv(source), true);
}

void CheckXlsx(std::string_view bytes) {
  std::string workbook(bytes);
  if (!bytes.starts_with("PK")) {
    foreign::TestWorkbook made;
    made.sheets = {{"Sheet", std::string(bytes)}};
    made.shared_texts = {"<t>Name</t>", "<t>Amount</t>"};
    made.styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
    workbook = made.Write();
  }
  const foreign::MemorySource source(workbook);
  Check(foreign::OpenXlsx(source), false);
}

}  // namespace revops::fuzz
