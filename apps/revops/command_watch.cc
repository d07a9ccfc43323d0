#include <filesystem>
#include <system_error>

#include "apps/revops/commands.h"
#include "apps/revops/imports/local_import_desk.h"
#include "apps/revops/watch_import.h"
#include "apps/revops/watched_folder.h"

namespace revops::app {

std::filesystem::path WatchedFolderOf(const Engine& engine) {
  return engine.folder().path / engine.settings().import_watch;
}

Result<std::unique_ptr<WatchedFolder>> MakeWatchedFolder(
    Engine& engine, const std::filesystem::path& folder,
    std::function<void(const std::string&)> report) {
  REVOPS_TRY_ASSIGN(LocalImportDesk * desk, engine.imports());
  WatchImport import(
      *desk,
      [desk](HttpUpload& upload, const std::string& file_name) {
        return desk->AcceptFor(upload, file_name, "watch");
      },
      engine.settings().import_watch_mode, engine.clock().Now());
  return std::make_unique<WatchedFolder>(
      WatchedFolder::Parts{folder, engine.settings().zone, engine.clock(),
                           [import = std::move(import)](const std::filesystem::path& file,
                                                        const std::stop_token& stop) mutable {
                             return import.Take(file, stop);
                           },
                           std::move(report)});
}

Result<void> RunWatch(Engine& engine, const CommandRequest& request, CommandIo& io) {
  const std::filesystem::path folder = Argument(request, "folder");
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return Fail(ErrorCode::kNotFound, "there is no folder " + folder.string());
  }
  REVOPS_TRY_ASSIGN(LocalImportDesk * desk, engine.imports());
  desk->Start();
  REVOPS_TRY_ASSIGN(const auto watched,
                    MakeWatchedFolder(engine, folder, [&io](const std::string& line) {
                      static_cast<void>(io.write(line));
                    }));
  REVOPS_TRY(io.write("Watching " + folder.string() + " until this command is stopped.\n"));
  watched->Run(io.stop);
  return {};
}

}  // namespace revops::app
