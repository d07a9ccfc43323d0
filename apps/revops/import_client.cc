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
#include "apps/revops/row_documents.h"
#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

/// What the worker made of one file.
struct ParsedFile {
  std::string name;
  MappedFile rows;
  MappedFile refusals;

  std::uint64_t refused_count() const {
    std::uint64_t lines = 0;
    for (const char c : refusals.bytes()) lines += c == '\n' ? 1 : 0;
    return lines;
  }
};

Result<std::string> FormatOf(const std::string& name) {
  const std::string extension = std::filesystem::path(name).extension().string();
  if (extension == ".csv") return std::string("csv");
  if (extension == ".parquet") return std::string("parquet");
  if (extension == ".jsonl" || extension == ".ndjson") return std::string("jsonl");
  return Fail(ErrorCode::kInvalidArgument,
              name + ": the name must end in .csv, .parquet, .jsonl or .ndjson");
}

Result<ParsedFile> Parse(const std::string& name) {
  REVOPS_TRY_ASSIGN(const std::string format, FormatOf(name));
  // Without O_NONBLOCK a pipe that nobody writes to would be waited for.
  const Descriptor input(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!input || fstat(input.get(), &status) != 0) {
    return Fail(ErrorCode::kNotFound, "cannot read " + name + ": " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument, name + " is not a regular file");
  }
  REVOPS_TRY_ASSIGN(const Descriptor rows, MakeTemporaryFile());
  REVOPS_TRY_ASSIGN(const Descriptor refusals, MakeTemporaryFile());
  REVOPS_TRY(
      WithContext(RunWorker({"import-worker", "--format", format}, input, rows, refusals), name));
  REVOPS_TRY_ASSIGN(MappedFile mapped_rows, MappedFile::Map(rows));
  REVOPS_TRY_ASSIGN(MappedFile mapped_refusals, MappedFile::Map(refusals));
  return ParsedFile{name, std::move(mapped_rows), std::move(mapped_refusals)};
}

using OutputFile = std::unique_ptr<FILE, int (*)(FILE*)>;

/// NAME.refused.jsonl, or NAME.refused-2.jsonl and so on where that is there: nothing is replaced.
OutputFile MakeNew(const std::string& name, std::string& path) {
  for (int number = 1;; ++number) {
    path = name + ".refused" + (number == 1 ? "" : "-" + std::to_string(number)) + ".jsonl";
    OutputFile out(std::fopen(path.c_str(), "wx"), std::fclose);
    if (out || errno != EEXIST) return out;
  }
}

/// Where the refusals of a file are kept: beside it, else here.
Result<std::string> KeepRefusals(const ParsedFile& file) {
  const std::filesystem::path name = file.name;
  const std::string_view bytes = file.refusals.bytes();
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
Result<void> CheckReplacement(const std::vector<ParsedFile>& files, const std::string& mode) {
  const bool has_rows = std::any_of(files.begin(), files.end(), [](const ParsedFile& file) {
    return !file.rows.bytes().empty();
  });
  if (mode != "replace" || has_rows) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "no row was read, so --mode replace would empty FCT_SALES; nothing was changed. To "
              "empty it: revops sql \"DELETE FROM FCT_SALES\"");
}

Result<void> CheckRefusals(const std::vector<ParsedFile>& files, bool skip_refused) {
  std::string told;
  for (const ParsedFile& file : files) {
    const std::uint64_t count = file.refused_count();
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

std::vector<DatedRows> WithDates(const std::vector<ParsedFile>& files,
                                 const std::vector<Date>& dates) {
  std::vector<DatedRows> dated;
  for (std::size_t i = 0; i < files.size(); ++i) {
    dated.push_back({dates[i], files[i].name, "", false, files[i].rows.bytes()});
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
  std::vector<ParsedFile> files;
  for (const std::string& name : options.files) {
    REVOPS_TRY_ASSIGN(ParsedFile file, Parse(name));
    files.push_back(std::move(file));
  }
  REVOPS_TRY(CheckRefusals(files, options.skip_refused));
  if (!dates.empty()) return SendDatedRows(WithDates(files, dates), run);
  REVOPS_TRY(CheckReplacement(files, options.mode));
  std::size_t at = 0;
  std::string_view rest = files.empty() ? std::string_view{} : files[0].rows.bytes();
  CommandIo io;
  io.write = [](std::string_view text) -> Result<void> {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  };
  io.read = [&]() -> Result<std::string> {
    while (rest.empty() && at + 1 < files.size()) rest = files[++at].rows.bytes();
    REVOPS_TRY_ASSIGN(const std::string_view document, TakeRowDocument(rest));
    return std::string(document);
  };
  return run({"import", {{"mode", options.mode}}}, io);
}

}  // namespace revops::app
