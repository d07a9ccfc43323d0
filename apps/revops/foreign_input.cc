#include "apps/revops/foreign_input.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/foreign/csv_file.h"
#include "core/foreign/xlsx_file.h"
#include "core/warehouse/duckdb/foreign_file.h"

namespace revops::app {
namespace {

constexpr const char* kSaveAs = "; open it in the spreadsheet program and save it as .xlsx or CSV";

Unexpected Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidArgument, std::move(sentence));
}

/// Kinds that are known by their beginning and not taken.
struct Refused {
  std::string_view beginning;
  const char* sentence;
};
constexpr std::array kRefusedContents = {
    Refused{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "it is an old workbook (.xls) or one with a password"},
    Refused{"%PDF", "it is a PDF, which holds no table that can be read; export the data as CSV"},
    Refused{"\x1F\x8B", "it is compressed (gzip); unpack it first"},
    Refused{"7z\xBC\xAF", "it is a 7z archive; unpack it first"},
    Refused{"Rar!", "it is a RAR archive; unpack it first"},
};

Result<void> CheckEnding(std::string_view ending) {
  if (ending == ".xls") return Refuse(std::string("it is an old workbook (.xls)") + kSaveAs);
  if (ending == ".xlsb") return Refuse(std::string("it is a binary workbook (.xlsb)") + kSaveAs);
  if (ending == ".xlsm" || ending == ".xltm") {
    return Refuse(std::string("it is a workbook that may hold macros") + kSaveAs);
  }
  if (ending == ".ods") return Refuse(std::string("it is an OpenDocument sheet (.ods)") + kSaveAs);
  if (ending == ".pdf") return Refuse(kRefusedContents[1].sentence);
  if (ending == ".zip") return Refuse("it is a .zip archive; unpack it first");
  return {};
}

bool is_web_page(std::string_view first_bytes) {
  std::string head(first_bytes.substr(0, 64));
  for (char& c : head) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return head.find("<html") != std::string::npos || head.find("<!doctype") != std::string::npos ||
         head.find("<table") != std::string::npos || head.starts_with("<?xml");
}

}  // namespace

Result<InputFormat> FindFormat(std::string_view first_bytes, std::string_view ending) {
  for (const Refused& refused : kRefusedContents) {
    if (!first_bytes.starts_with(refused.beginning)) continue;
    const bool is_workbook = &refused == kRefusedContents.data();
    return Refuse(std::string(refused.sentence) + (is_workbook ? kSaveAs : ""));
  }
  REVOPS_TRY(CheckEnding(ending));
  if (first_bytes.starts_with("PK\x03\x04")) return InputFormat::kXlsx;
  if (first_bytes.starts_with("PAR1")) return InputFormat::kParquet;
  if (is_web_page(first_bytes)) {
    return Refuse(std::string("it is a web page or XML, whatever its name says") + kSaveAs);
  }
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return InputFormat::kCsv;
  if (ending == ".jsonl" || ending == ".ndjson") return InputFormat::kJsonLines;
  if (ending == ".parquet") return InputFormat::kParquet;
  if (ending == ".xlsx") return InputFormat::kXlsx;
  return Refuse("the name must end in .csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .ndjson");
}

Result<std::unique_ptr<foreign::TableFile>> OpenInput(
    int fd, const foreign::ByteSource& source, InputFormat format,
    const std::function<Result<void>()>& before_reading) {
  if (format == InputFormat::kCsv || format == InputFormat::kXlsx) {
    REVOPS_TRY(before_reading());
    return format == InputFormat::kCsv ? foreign::OpenCsv(source) : foreign::OpenXlsx(source);
  }
  return warehouse::OpenForeignFile("/proc/self/fd/" + std::to_string(fd),
                                    format == InputFormat::kParquet
                                        ? warehouse::ForeignFormat::kParquet
                                        : warehouse::ForeignFormat::kJsonLines,
                                    before_reading);
}

}  // namespace revops::app
