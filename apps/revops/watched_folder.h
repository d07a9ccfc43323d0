#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/time_zone.h"

namespace revops::app {

/// A folder that exports are dropped into. Looked at again and again, for network folders tell
/// nobody of changes. A file is taken when its size and time have not changed between two looks:
///
///   DIR/NAME → DIR/importing/NAME → DIR/imported/2026-11-22-NAME
///                                 → DIR/refused/NAME and DIR/refused/NAME.why.txt
///
/// No name is ever overwritten: "-2", "-3" … are put before its extension. What a killed process
/// left in importing/ is taken again: imports from here may happen twice, so they are such as come
/// to the same. Files that downloads and editors have not finished are left alone by their names.
class WatchedFolder {
 public:
  /// Imports a file. Errors that are retryable leave it for a later look, all others refuse it.
  using Take = std::function<Result<void>(const std::filesystem::path& file, std::stop_token stop)>;

  struct Parts {
    std::filesystem::path folder;
    TimeZone zone;  ///< of the date in the names of imported files
    const Clock& clock;
    Take take;
    /// A line on each file that was taken or refused; nullptr: nobody reads them.
    std::function<void(const std::string& line)> report = nullptr;
  };

  explicit WatchedFolder(Parts parts) : parts_(std::move(parts)) {}

  const std::filesystem::path& folder() const { return parts_.folder; }

  static constexpr std::chrono::seconds kInterval{5};
  /// Until a file that could not be taken for now is tried again.
  static constexpr std::chrono::minutes kPatience{1};

  /// One look: takes what has come to rest, in order of the names. On one thread.
  void Look(std::stop_token stop);
  /// Looks every kInterval until it is asked to stop.
  void Run(std::stop_token stop);

  /// Why files are not taken at present; nullopt: nothing is wrong. Any thread.
  std::optional<std::string> trouble() const;

 private:
  struct Sight {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type modified;

    friend bool operator==(const Sight&, const Sight&) = default;
  };

  Result<std::map<std::string, Sight>> List() const;
  Result<void> TakeBack();
  Result<void> TakeFile(const std::string& name, std::stop_token stop);
  Result<void> Refuse(const std::filesystem::path& file, const std::string& name,
                      const Error& error);
  void Report(const std::string& line) const;
  void SetTrouble(std::optional<std::string> trouble);

  Parts parts_;
  bool took_back_ = false;
  std::map<std::string, Sight> seen_;
  std::map<std::string, Instant> postponed_until_;
  mutable std::mutex mutex_;
  std::optional<std::string> trouble_;
};

/// Whether the name is that of a file in the making, or no file of ours.
bool is_unfinished_name(const std::string& name);

}  // namespace revops::app
