#include "apps/revops/import_client.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "apps/revops/backfill_client.h"
#include "apps/revops/dated_files.h"
#include "apps/revops/file_parser.h"
#include "apps/revops/imports/file_choice.h"
#include "apps/revops/row_documents.h"
#include "apps/revops/worker_process.h"
#include "core/base/check.h"

namespace revops::app {
namespace {

/// A file of the command line, under its mapping.
struct ReadFile {
  std::string name;
  Descriptor input;
  mapping::Inspection inspection;
  std::optional<ParsedFile> parsed;
};

Result<Descriptor> OpenInput(const std::string& name) {
  // Without O_NONBLOCK a pipe that nobody writes to would be waited for.
  Descriptor input(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!input || fstat(input.get(), &status) != 0) {
    return Fail(ErrorCode::kNotFound, "cannot read " + name + ": " + std::strerror(errno));
  }
  if (S_ISREG(status.st_mode)) return input;
  return Fail(ErrorCode::kInvalidArgument, name + " is not a regular file");
}

Result<ReadFile> Inspect(const std::string& name, const FileChoice& choice,
                         const ImportSurroundings& by) {
  REVOPS_TRY_ASSIGN(Descriptor input, OpenInput(name));
  const std::string plain = std::filesystem::path(name).filename().string();
  REVOPS_TRY_ASSIGN(
      mapping::Inspection inspection,
      WithContext(InspectAsChosen({input, plain, by.rates}, choice, MappingFolder(by.mappings)),
                  name));
  return ReadFile{name, std::move(input), std::move(inspection), std::nullopt};
}

/// A guess that needs an answer is kept as a draft, to be finished by hand.
Result<void> RefuseOpenQuestions(const ReadFile& file, const MappingFolder& mappings) {
  if (file.inspection.questions.empty()) return {};
  const mapping::Question& question = file.inspection.questions[0];
  REVOPS_TRY_ASSIGN(const std::string draft, mappings.SaveDraft(file.inspection.mapping));
  return Fail(ErrorCode::kInvalidArgument,
              file.name + ": " + question.text + " Answer with --answer " + question.about + "=" +
                  question.choices[0] + " (or another of its values), or edit " + draft +
                  " and rename it to end in .toml; nothing was taken");
}

Result<void> CheckProblems(const ReadFile& file) {
  for (const mapping::Finding& finding : file.inspection.findings) {
    if (finding.is_problem) {
      return Fail(ErrorCode::kInvalidArgument, file.name + ": " + finding.text);
    }
  }
  return {};
}

/// Files that are taken together are rows of one table.
Result<void> CheckOneMapping(const std::vector<ReadFile>& files) {
  for (const ReadFile& file : files) {
    if (file.inspection.mapping == files[0].inspection.mapping) continue;
    return Fail(ErrorCode::kInvalidArgument,
                file.name + " needs another mapping than " + files[0].name +
                    ": import them one after the other, or name the mapping of "
                    "both with --mapping");
  }
  return {};
}

Result<std::vector<ReadFile>> ReadFiles(const ImportOptions& options,
                                        const ImportSurroundings& by) {
  const FileChoice choice{options.mapping, options.answers, by.report_currency};
  std::vector<ReadFile> files;
  for (const std::string& name : options.files) {
    REVOPS_TRY_ASSIGN(ReadFile file, Inspect(name, choice, by));
    if (!files.empty()) file.inspection.mapping.name = files[0].inspection.mapping.name;
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> Parse(ReadFile& file, const std::optional<RatesFile>& rates) {
  const std::string plain = std::filesystem::path(file.name).filename().string();
  auto parsed = ParseFile({file.input, plain, rates}, file.inspection.mapping, {});
  if (!parsed) return Fail(revops::WithContext(parsed.error(), file.name));
  file.parsed.emplace(*std::move(parsed));
  return {};
}

const ParsedFile& ParsedOf(const ReadFile& file) {
  REVOPS_CHECK(file.parsed.has_value());
  return *file.parsed;
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
Result<std::string> KeepRefusals(const ReadFile& file) {
  const std::filesystem::path name = file.name;
  const std::string_view bytes = ParsedOf(file).refusals.bytes();
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
Result<void> CheckReplacement(const std::vector<ReadFile>& files, const std::string& mode) {
  const bool has_rows = std::any_of(files.begin(), files.end(), [](const ReadFile& file) {
    return ParsedOf(file).rows.size() > 0;
  });
  if (mode != "replace" || has_rows) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "no row was read, so --mode replace would empty FCT_SALES; nothing was changed. To "
              "empty it: revops sql \"DELETE FROM FCT_SALES\"");
}

Result<void> CheckRefusals(const std::vector<ReadFile>& files, bool skip_refused) {
  std::string told;
  for (const ReadFile& file : files) {
    const std::uint64_t count = ParsedOf(file).refused;
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

std::vector<DatedRows> WithDates(const std::vector<ReadFile>& files,
                                 const std::vector<Date>& dates) {
  std::vector<DatedRows> dated;
  for (std::size_t i = 0; i < files.size(); ++i) {
    dated.push_back(
        DatedRowsOf(dates[i], files[i].name, files[i].inspection.mapping, ParsedOf(files[i]).rows));
  }
  return dated;
}

CommandRequest RequestFor(const std::vector<ReadFile>& files, const std::string& mode) {
  const mapping::Mapping& mapping = files[0].inspection.mapping;
  CommandRequest request{"import", {{"mode", mode}}};
  std::uint64_t refused = 0;
  std::uint64_t bytes = 0;
  std::string names;
  for (const ReadFile& file : files) {
    refused += ParsedOf(file).refused;
    std::error_code error;
    const auto size = std::filesystem::file_size(file.name, error);
    if (!error) bytes += size;
    names += (names.empty() ? "" : ", ") + std::filesystem::path(file.name).filename().string();
  }
  request.arguments["files"] = names;
  request.arguments["refused"] = std::to_string(refused);
  request.arguments["bytes"] = std::to_string(bytes);
  if (mapping.name != mapping::kOwnColumnsName) {
    request.arguments["mapping"] = ToToml(mapping);
    request.arguments["mapping_name"] = mapping.name;
  }
  return request;
}

Result<void> SendRows(const std::vector<ReadFile>& files, const std::string& mode,
                      const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run) {
  std::size_t at = 0;
  std::optional<RowDocumentReader> reader;
  CommandIo io;
  io.write = [](std::string_view text) -> Result<void> {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  };
  io.read = [&]() -> Result<std::string> {
    for (; at < files.size(); ++at, reader.reset()) {
      if (!reader) reader.emplace(ParsedOf(files[at]).rows);
      REVOPS_TRY_ASSIGN(const std::string_view document, reader->Next());
      if (!document.empty()) return std::string(document);
    }
    return std::string();
  };
  return run(RequestFor(files, mode), io);
}

/// The page shows them before an import, the command line with --preview alone.
void TellSurprises(const std::vector<ReadFile>& files) {
  for (const ReadFile& file : files) {
    for (const std::string& sentence : Surprises(file.inspection)) {
      std::fprintf(stderr, "revops: %s: %s\n", file.name.c_str(), sentence.c_str());
    }
  }
}

}  // namespace

Result<void> ImportFiles(
    const ImportOptions& options, const ImportSurroundings& surroundings,
    const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run) {
  std::vector<Date> dates;
  if (!options.as_of.empty()) {
    REVOPS_TRY_ASSIGN(dates, DatesOf(options.files, options.as_of));
  }
  const MappingFolder folder(surroundings.mappings);
  REVOPS_TRY_ASSIGN(std::vector<ReadFile> files, ReadFiles(options, surroundings));
  if (options.preview) {
    for (const ReadFile& file : files) {
      std::printf("%s: %s", file.name.c_str(), DescribeInspection(file.inspection).c_str());
    }
    return {};
  }
  for (ReadFile& file : files) {
    REVOPS_TRY(CheckProblems(file));
    REVOPS_TRY(RefuseOpenQuestions(file, folder));
    REVOPS_TRY(Parse(file, surroundings.rates));
  }
  REVOPS_TRY(CheckRefusals(files, options.skip_refused));
  if (!dates.empty()) return SendDatedRows(WithDates(files, dates), run);
  REVOPS_TRY(CheckOneMapping(files));
  REVOPS_TRY(CheckReplacement(files, options.mode));
  REVOPS_TRY(SendRows(files, options.mode, run));
  TellSurprises(files);
  return {};
}

}  // namespace revops::app
