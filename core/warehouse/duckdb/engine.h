#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <duckdb.h>

#include "core/base/result.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/session.h"
#include "core/warehouse/duckdb/watchdog.h"

namespace revops::warehouse {

/// The open database: its handle, its one writer at a time, and what has been written since.
/// Thread-safe.
class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(const DuckDbConfig& config);
  ~Engine();

  /// Opens the database again if DuckDB has given it up.
  /// Errors: kUnavailable until the last session of a given-up database has ended.
  Result<std::unique_ptr<Session>> Connect(SessionLimits limits);

  /// The right to write: one holder at a time, so that writes never conflict. While it is held and
  /// after it, the change token is another one.
  class WriteLock {
   public:
    ~WriteLock();
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

   private:
    explicit WriteLock(Engine& engine) : engine_(engine) {}
    Engine& engine_;
    friend class Engine;
  };

  /// Errors: kTimeout, kCancelled as the limits say while another write is under way.
  Result<std::unique_ptr<WriteLock>> LockForWriting(const SessionLimits& limits);
  /// The same to keep the file still: without a change of the token.
  Result<std::unique_lock<std::timed_mutex>> LockStill(const SessionLimits& limits);

  /// A name of the content as it stands now; nullopt while somebody writes.
  std::optional<std::string> content_token();

  /// Takes the file's lock again: a statement that reads the database's own file as a file makes
  /// the kernel drop it.
  void RenewFileLock() const;

  const DuckDbConfig& config() const { return config_; }
  /// The open database file; -1 in memory.
  int file_descriptor() const { return file_; }

 private:
  explicit Engine(DuckDbConfig config) : config_(std::move(config)) {}
  Result<std::shared_ptr<Instance>> OpenInstance();
  Result<std::shared_ptr<Instance>> UsableInstance();
  Result<std::unique_ptr<Session>> ConnectTo(std::shared_ptr<Instance> instance,
                                             SessionLimits limits);
  Result<void> HoldFile();

  DuckDbConfig config_;
  std::mutex instance_mutex_;
  std::shared_ptr<Instance> instance_;  ///< null while it could not be opened again
  int file_ = -1;
  std::timed_mutex writer_;
  std::mutex token_mutex_;
  std::string opened_as_;  ///< token of the content that was found on opening
  std::string epoch_;      ///< unique to this opening
  std::uint64_t writes_ = 0;
  bool writing_ = false;
  Watchdog watchdog_;
};

}  // namespace revops::warehouse
