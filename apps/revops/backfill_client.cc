#include "apps/revops/backfill_client.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "apps/revops/row_documents.h"

namespace revops::app {
namespace {

CommandRequest MakeRequest(const std::vector<DatedRows>& files) {
  CommandRequest request{"backfill", {{"files", std::to_string(files.size())}}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string suffix = "." + std::to_string(i);
    request.arguments["as_of" + suffix] = files[i].as_of.ToString();
    request.arguments["file" + suffix] = std::filesystem::path(files[i].file).filename().string();
    request.arguments["dimensions" + suffix] = files[i].dimensions;
    request.arguments["text_ids" + suffix] = files[i].text_ids ? "1" : "";
    const std::optional<mapping::Mapping>& mapping = files[i].mapping;
    if (!mapping) continue;
    request.arguments["mapping_name" + suffix] = mapping->name;
    request.arguments["mapping" + suffix] = ToToml(*mapping);
  }
  return request;
}

}  // namespace

DatedRows DatedRowsOf(Date as_of, std::string file, const mapping::Mapping& mapping,
                      const foreign::ByteSource& documents) {
  DatedRows rows{as_of, std::move(file), {}, mapping.text_ids, &documents};
  for (const mapping::MappedDimension& dimension : mapping.dimensions) {
    rows.dimensions += (rows.dimensions.empty() ? "" : ",") + dimension.name;
  }
  if (mapping.name != mapping::kOwnColumnsName) rows.mapping = mapping;
  return rows;
}

Result<void> SendDatedRows(
    std::vector<DatedRows> files,
    const std::function<Result<void>(const CommandRequest&, CommandIo&)>& run) {
  for (const DatedRows& file : files) {
    if (file.documents->size() > 0) continue;
    return Fail(ErrorCode::kInvalidArgument,
                file.file + ": no row was read, so there is nothing to show for " +
                    file.as_of.ToString() + "; nothing was changed");
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const DatedRows& a, const DatedRows& b) { return a.as_of < b.as_of; });
  CommandIo io;
  io.write = [](std::string_view text) -> Result<void> {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  };
  std::size_t at = 0;
  std::optional<RowDocumentReader> reader;
  io.read = [&]() -> Result<std::string> {
    if (at == files.size()) return std::string();
    if (!reader) reader.emplace(*files[at].documents);
    REVOPS_TRY_ASSIGN(const std::string_view document, reader->Next());
    if (!document.empty()) return std::string(document);
    reader.reset();
    ++at;
    return std::string(kEndOfFile);
  };
  return run(MakeRequest(files), io);
}

}  // namespace revops::app
