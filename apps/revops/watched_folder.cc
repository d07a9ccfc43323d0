#include "apps/revops/watched_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/logging.h"

namespace revops::app {
namespace {

namespace fs = std::filesystem;

Unexpected CannotDo(const std::string& what, const std::error_code& error) {
  return Fail(ErrorCode::kUnavailable, what + ": " + error.message());
}

/// "deals.csv" → "deals-2.csv"; the first number adds nothing.
std::string Numbered(const fs::path& name, int number) {
  if (number == 1) return name.string();
  return name.stem().string() + "-" + std::to_string(number) + name.extension().string();
}

/// Nothing is overwritten, also by a file that comes in between. Where the file system cannot
/// promise that (some network folders), looking first must do.
bool RenameToNew(const fs::path& from, const fs::path& to, std::error_code& error) {
  error.clear();
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL && errno != ENOSYS) {
    error = std::error_code(errno, std::generic_category());
    return false;
  }
  if (fs::exists(fs::symlink_status(to, error))) return false;
  fs::rename(from, to, error);
  return !error;
}

/// Moves a file into a folder that is made when it is missing. Returns where it is then.
Result<fs::path> MoveInto(const fs::path& file, const fs::path& folder, const std::string& name) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return CannotDo("cannot make " + folder.string(), error);
  for (int number = 1;; ++number) {
    const fs::path target = folder / Numbered(name, number);
    if (RenameToNew(file, target, error)) return target;
    if (error) return CannotDo("cannot move " + file.string() + " to " + folder.string(), error);
  }
}

/// NAME.why.txt, or the same with a number before ".why.txt".
void WriteReason(const fs::path& file, const std::string& reason) {
  for (int number = 1;; ++number) {
    const std::string path =
        file.string() + (number == 1 ? "" : "-" + std::to_string(number)) + ".why.txt";
    if (std::FILE* out = std::fopen(path.c_str(), "wx")) {
      std::fputs((reason + "\n").c_str(), out);
      std::fclose(out);
      return;
    }
    if (errno != EEXIST) return;
  }
}

std::string InLowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool is_unfinished_name(const std::string& name) {
  constexpr std::array<std::string_view, 6> kEnds = {".part", ".partial",    ".tmp",
                                                     ".temp", ".crdownload", ".download"};
  const std::string lower = InLowerCase(name);
  return lower.starts_with(".") || lower.starts_with("~") || lower.ends_with("~") ||
         std::any_of(kEnds.begin(), kEnds.end(),
                     [&](std::string_view end) { return lower.ends_with(end); });
}

Result<std::map<std::string, WatchedFolder::Sight>> WatchedFolder::List() const {
  std::map<std::string, Sight> files;
  std::error_code error;
  fs::directory_iterator entries(parts_.folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (is_unfinished_name(name)) continue;
    // A file that vanishes meanwhile is none.
    std::error_code gone;
    if (entries->symlink_status(gone).type() != fs::file_type::regular) continue;
    const Sight sight{entries->file_size(gone), entries->last_write_time(gone)};
    if (!gone) files.emplace(name, sight);
  }
  if (error)
    return CannotDo("the watched folder " + parts_.folder.string() + " cannot be read", error);
  return files;
}

/// What a killed process left.
Result<void> WatchedFolder::TakeBack() {
  if (took_back_) return {};
  const fs::path importing = parts_.folder / "importing";
  std::error_code error;
  std::vector<fs::path> left;
  fs::directory_iterator entries(importing, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    left.push_back(entries->path());
  }
  for (const fs::path& file : left) {
    REVOPS_TRY(MoveInto(file, parts_.folder, file.filename().string()));
  }
  took_back_ = true;
  return {};
}

void WatchedFolder::Look(std::stop_token stop) {
  auto files = List();
  if (!files) {
    seen_.clear();
    return SetTrouble(files.error().message);
  }
  std::optional<std::string> trouble;
  if (const auto back = TakeBack(); !back) trouble = back.error().message;
  for (const auto& [name, sight] : *files) {
    const auto before = seen_.find(name);
    if (stop.stop_requested() || before == seen_.end() || before->second != sight) continue;
    const auto postponed = postponed_until_.find(name);
    if (postponed != postponed_until_.end() && parts_.clock.Now() < postponed->second) {
      trouble = this->trouble();
      continue;
    }
    postponed_until_.erase(name);
    const auto taken = TakeFile(name, stop);
    if (taken) continue;
    postponed_until_[name] = parts_.clock.Now() + kPatience;
    trouble = name + " waits: " + taken.error().message;
  }
  seen_ = *std::move(files);
  SetTrouble(std::move(trouble));
}

/// Errors: the file stays, or is back, where it was.
Result<void> WatchedFolder::TakeFile(const std::string& name, std::stop_token stop) {
  REVOPS_TRY_ASSIGN(const fs::path file,
                    MoveInto(parts_.folder / name, parts_.folder / "importing", name));
  const auto taken = parts_.take(file, stop);
  if (taken) {
    const std::string date = parts_.zone.DateAt(parts_.clock.Now()).ToString();
    Report(name + ": imported");
    REVOPS_TRY(MoveInto(file, parts_.folder / "imported", date + "-" + name));
    return {};
  }
  if (!is_retryable(taken.error().code) && taken.error().code != ErrorCode::kCancelled) {
    return Refuse(file, name, taken.error());
  }
  REVOPS_TRY(MoveInto(file, parts_.folder, name));
  return Fail(taken.error());
}

Result<void> WatchedFolder::Refuse(const fs::path& file, const std::string& name,
                                   const Error& error) {
  LogError("watched_file_refused", error);
  Report(name + ": refused: " + Describe(error));
  REVOPS_TRY_ASSIGN(const fs::path kept, MoveInto(file, parts_.folder / "refused", name));
  WriteReason(kept, Describe(error));
  return {};
}

void WatchedFolder::Run(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any pause;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    Look(stop);
    pause.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

void WatchedFolder::Report(const std::string& line) const {
  if (parts_.report) parts_.report(ToString(parts_.clock.Now()) + "  " + line + "\n");
}

std::optional<std::string> WatchedFolder::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

void WatchedFolder::SetTrouble(std::optional<std::string> trouble) {
  const std::scoped_lock lock(mutex_);
  if (trouble && trouble != trouble_) {
    Log(LogLevel::kError, "watched_folder_in_trouble", {{"why", *trouble}});
    Report(*trouble);
  }
  trouble_ = std::move(trouble);
}

}  // namespace revops::app
