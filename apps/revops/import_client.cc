#include "apps/revops/import_client.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "apps/revops/backfill_client.h"
#include "apps/revops/dated_files.h"
#include "apps/revops/file_parser.h"
#include "apps/revops/row_documents.h"

namespace revops::app {
namespace {

/// What the worker made of one file.
struct NamedFile {
  std::string name;
  ParsedFile parsed;
};

/// What keeps a file from being taken as it was understood.
std::string FirstProblem(const mapping::Inspection& inspection) {
  for (const mapping::Finding& finding : inspection.findings) {
    if (finding.is_problem) return finding.text;
  }
  return inspection.questions.empty() ? "it is not understood" : inspection.questions[0].text;
}

Result<NamedFile> Parse(const std::string& name) {
  // Without O_NONBLOCK a pipe that nobody writes to would be waited for.
  const Descriptor input(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!input || fstat(input.get(), &status) != 0) {
    return Fail(ErrorCode::kNotFound, "cannot read " + name + ": " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument, name + " is not a regular file");
  }
  REVOPS_TRY_ASSIGN(const auto inspection,
                    WithContext(InspectFile(input, name, std::nullopt, {}), name));
  if (!inspection.is_ready()) {
    return Fail(ErrorCode::kInvalidArgument, name + ": " + FirstProblem(inspection));
  }
  REVOPS_TRY_ASSIGN(ParsedFile parsed,
                    WithContext(ParseFile(input, name, inspection.mapping, {}), name));
  return NamedFile{name, std::move(parsed)};
}

using OutputFile = std::unique_ptr<FILE, int (*)(FILE*)>;

/// NAME.refused.csv, or NAME.refused-2.csv and so on where that is there: nothing is replaced.
OutputFile MakeNew(const std::string& name, std::string& path) {
  for (int number = 1;; ++number) {
    path = name + ".refused" + (number == 1 ? "" : "-" + std::to_string(number)) + ".csv";
    OutputFile out(std::fopen(path.c_str(), "wx"), std::fclose);
    if (out || errno != EEXIST) return out;
  }
}

/// Where the refusals of a file are kept: beside it, else here.
Result<std::string> KeepRefusals(const NamedFile& file) {
  const std::filesystem::path name = file.name;
  const std::string_view bytes = file.parsed.refusals.bytes();
  std::string path;
  for (const auto& beginning : {name, name.filename()}) {
    const OutputFile out = MakeNew(beginning.string(), path);
    if (out && std::fwrite(bytes.data(), 1, bytes.size(), out.get()) == bytes.size() &&
        std::fflush(out.get()) == 0) {
      return path;
    }
  }
  return Fail(ErrorCode::kResourceExhausted, "cannot write " + path);
}

/// Told apart from a mistake: a file that holds no row would leave an empty table.
Result<void> CheckReplacement(const std::vector<NamedFile>& files, const std::string& mode) {
  const bool has_rows = std::any_of(files.begin(), files.end(), [](const NamedFile& file) {
    return !file.parsed.rows.bytes().empty();
  });
  if (mode != "replace" || has_rows) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "no row was read, so --mode replace would empty FCT_SALES; nothing was changed. To "
              "empty it: revops sql \"DELETE FROM FCT_SALES\"");
}

Result<void> CheckRefusals(const std::vector<NamedFile>& files, bool skip_refused) {
  std::string told;
  for (const NamedFile& file : files) {
    const std::uint64_t count = file.parsed.refused;
    if (count == 0) continue;
    REVOPS_TRY_ASSIGN(const std::string kept, KeepRefusals(file));
    told += (told.empty() ? "" : "; ") + file.name + ": " + std::to_string(count) +
            (count == 1 ? " row was" : " rows were") + " refused, the reasons are in " + kept;
  }
  if (told.empty()) return {};
  if (!skip_refused) {
    return Fail(ErrorCode::kInvalidArgument,
                told + "; nothing was taken. Mend the file, or take the rest with --skip-refused");
  }
  std::fprintf(stderr, "revops: %s\n", told.c_str());
  return {};
}

std::vector<DatedRows> WithDates(const std::vector<NamedFile>& files,
                                 const std::vector<Date>& dates) {
  std::vector<DatedRows> dated;
  for (std::size_t i = 0; i < files.size(); ++i) {
    dated.push_back({dates[i], files[i].name, "", false, files[i].parsed.rows.bytes()});
  }
  return dated;
}

}  // namespace

Result<void> ImportFiles(
    const ImportOptions& options,
    const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run) {
  std::vector<Date> dates;
  if (!options.as_of.empty()) {
    REVOPS_TRY_ASSIGN(dates, DatesOf(options.files, options.as_of));
  }
  std::vector<NamedFile> files;
  for (const std::string& name : options.files) {
    REVOPS_TRY_ASSIGN(NamedFile file, Parse(name));
    files.push_back(std::move(file));
  }
  REVOPS_TRY(CheckRefusals(files, options.skip_refused));
  if (!dates.empty()) return SendDatedRows(WithDates(files, dates), run);
  REVOPS_TRY(CheckReplacement(files, options.mode));
  std::size_t at = 0;
  std::string_view rest = files.empty() ? std::string_view{} : files[0].parsed.rows.bytes();
  CommandIo io;
  io.write = [](std::string_view text) -> Result<void> {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  };
  io.read = [&]() -> Result<std::string> {
    while (rest.empty() && at + 1 < files.size()) rest = files[++at].parsed.rows.bytes();
    REVOPS_TRY_ASSIGN(const std::string_view document, TakeRowDocument(rest));
    return std::string(document);
  };
  return run({"import", {{"mode", options.mode}}}, io);
}

}  // namespace revops::app
