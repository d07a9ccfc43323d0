#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <duckdb.h>

#include "core/base/result.h"
#include "core/warehouse/duckdb/watchdog.h"

namespace revops::warehouse {

/// Up to duckdb_vector_size() rows of a result.
class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk handle) : handle_(handle) {}
  ~Chunk() { duckdb_destroy_data_chunk(&handle_); }
  Chunk(Chunk&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Chunk& operator=(Chunk&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  duckdb_data_chunk get() const { return handle_; }
  std::size_t size() const { return duckdb_data_chunk_get_size(handle_); }
  duckdb_vector column(std::size_t index) const {
    return duckdb_data_chunk_get_vector(handle_, index);
  }

 private:
  duckdb_data_chunk handle_;
};

/// An open DuckDB database; closed with its last session.
struct Instance {
  explicit Instance(duckdb_database handle) : database(handle) {}
  ~Instance() { duckdb_close(&database); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  duckdb_database database;
  /// DuckDB has given it up after a failed write: every later call fails.
  std::atomic<bool> is_broken = false;
};

class Session;

/// The rows of one statement, fetched chunk by chunk; ends before its session.
class Rows {
 public:
  Rows(const Session& session, duckdb_result result) : session_(&session), result_(result) {}
  ~Rows() { duckdb_destroy_result(&result_); }
  Rows(Rows&& other) noexcept
      : session_(other.session_), result_(std::exchange(other.result_, duckdb_result{})) {}
  Rows& operator=(Rows&&) = delete;

  /// nullopt after the last row.
  Result<std::optional<Chunk>> Fetch();
  duckdb_result& result() { return result_; }

 private:
  const Session* session_;
  duckdb_result result_;
};

/// A bound statement.
class Prepared {
 public:
  explicit Prepared(duckdb_prepared_statement handle) : handle_(handle) {}
  ~Prepared() { duckdb_destroy_prepare(&handle_); }
  Prepared(Prepared&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Prepared& operator=(Prepared&&) = delete;

  duckdb_prepared_statement get() const { return handle_; }

 private:
  duckdb_prepared_statement handle_;
};

/// How long a session's statements may run.
struct SessionLimits {
  Clock::SteadyTime deadline = Watchdog::kNoDeadline;
  std::stop_token stop;
};

/// One connection whose statements end with kTimeout past the deadline and with kCancelled after
/// a stop. What it did not commit is undone with it. One thread at a time.
class Session {
 public:
  /// Takes the connection over, which belongs to `instance`.
  Session(std::shared_ptr<Instance> instance, duckdb_connection connection, Watchdog& watchdog,
          SessionLimits limits);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  duckdb_connection connection() const { return connection_; }

  /// One statement of ours without rows.
  Result<void> Run(const std::string& sql);
  /// One query of ours; its rows are computed while they are fetched.
  Result<Rows> Query(const std::string& sql);

  Result<Prepared> Prepare(const std::string& sql);
  Result<Rows> Stream(const Prepared& prepared);
  /// Runs to the end; for statements that write.
  Result<Rows> Execute(const Prepared& prepared);

  /// What a message of DuckDB means here: an interrupt has a reason.
  Unexpected Explain(const char* message) const;
  /// kTimeout or kCancelled when it is over.
  Result<void> CheckLimits() const;

 private:
  std::shared_ptr<Instance> instance_;
  duckdb_connection connection_;
  std::unique_ptr<Watchdog::Watch> watch_;
};

}  // namespace revops::warehouse
