#include "apps/revops/file_parser.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "core/foreign/csv_records.h"

namespace revops::app {
namespace {

/// "Deals.CSV" → ".csv"; no more of a name is told to the worker.
std::string EndingOf(const std::string& file_name) {
  std::string ending = std::filesystem::path(file_name).extension().string();
  if (ending.size() > 10) return {};
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return ending;
}

Result<Descriptor> Keep(std::string_view text) {
  REVOPS_TRY_ASSIGN(Descriptor file, MakeTemporaryFile());
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written =
        pwrite(file.get(), text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      return Fail(ErrorCode::kResourceExhausted,
                  "there is no room for temporary files: make room on the disk that has TMPDIR");
    at += static_cast<std::size_t>(written);
  }
  return file;
}

/// Records after the header; a worker that was taken over may write anything.
Result<std::uint64_t> CountRefusals(std::string_view csv) {
  std::uint64_t records = 0;
  foreign::CsvSplitter splitter(',', false, [&records](const foreign::CsvRecord& record) {
    if (!record.fields.empty()) ++records;
    return Result<void>();
  });
  auto counted = splitter.Take(csv);
  if (counted) counted = splitter.Finish();
  if (!counted) return Fail(ErrorCode::kCorrupt, "the refused rows cannot be read");
  return records - (records > 0 ? 1 : 0);
}

struct Outputs {
  const Descriptor& output;
  const Descriptor& refusals;
  bool is_inspection;
};

Result<void> Run(const ForeignFile& file, const std::optional<mapping::Mapping>& mapping,
                 const Outputs& to, const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(const Descriptor wanted, Keep(mapping ? mapping::ToJson(*mapping) : ""));
  REVOPS_TRY_ASSIGN(const Descriptor rates, Keep(file.rates ? file.rates->text : ""));
  std::vector<std::string> arguments = {"import-worker", "--ending=" + EndingOf(file.name)};
  if (to.is_inspection) arguments.emplace_back("--inspect");
  if (file.rates) {
    arguments.push_back("--rates=" + file.rates->name);
    arguments.push_back("--rates-into=" + file.rates->target);
  }
  return RunWorker(arguments, {file.input, to.output, to.refusals, wanted, rates}, stop);
}

}  // namespace

Result<mapping::Inspection> InspectFile(const ForeignFile& file,
                                        const std::optional<mapping::Mapping>& mapping,
                                        const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(const Descriptor output, MakeTemporaryFile());
  REVOPS_TRY_ASSIGN(const Descriptor refusals, MakeTemporaryFile());
  REVOPS_TRY(Run(file, mapping, {output, refusals, true}, stop));
  REVOPS_TRY_ASSIGN(const MappedFile text, MappedFile::Map(output));
  return mapping::ParseInspection(text.bytes());
}

Result<ParsedFile> ParseFile(const ForeignFile& file, const mapping::Mapping& mapping,
                             const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(Descriptor rows_file, MakeTemporaryFile());
  REVOPS_TRY_ASSIGN(const Descriptor refusals, MakeTemporaryFile());
  REVOPS_TRY(Run(file, mapping, {rows_file, refusals, false}, stop));
  REVOPS_TRY_ASSIGN(const auto rows, foreign::DescriptorSource::Open(rows_file.get()));
  REVOPS_TRY_ASSIGN(MappedFile mapped_refusals, MappedFile::Map(refusals));
  REVOPS_TRY_ASSIGN(const std::uint64_t refused, CountRefusals(mapped_refusals.bytes()));
  return ParsedFile{std::move(rows_file), rows, std::move(mapped_refusals), refused};
}

}  // namespace revops::app
