#include "core/warehouse/duckdb/session.h"

#include "core/warehouse/duckdb/errors.h"

namespace revops::warehouse {
namespace {

Unexpected Ended(ErrorCode code) {
  return code == ErrorCode::kTimeout
             ? Fail(code, "The warehouse did not answer in time. Try again, or allow more time.",
                    "duckdb:interrupt")
             : Fail(code, "The warehouse was asked to stop.", "duckdb:interrupt");
}

}  // namespace

Result<std::optional<Chunk>> Rows::Fetch() {
  REVOPS_TRY(session_->CheckLimits());
  duckdb_data_chunk handle = duckdb_fetch_chunk(result_);
  if (handle != nullptr) return std::optional<Chunk>(Chunk(handle));
  if (const char* message = duckdb_result_error(&result_); message != nullptr && *message != '\0') {
    return session_->Explain(message);
  }
  return std::optional<Chunk>();
}

Session::Session(std::shared_ptr<Instance> instance, duckdb_connection connection,
                 Watchdog& watchdog, SessionLimits limits)
    : instance_(std::move(instance)), connection_(connection) {
  watch_ = std::make_unique<Watchdog::Watch>(watchdog, connection_, limits.deadline,
                                             std::move(limits.stop));
}

Session::~Session() {
  watch_.reset();
  duckdb_disconnect(&connection_);
}

Result<void> Session::Run(const std::string& sql) {
  REVOPS_TRY_ASSIGN(const Prepared prepared, Prepare(sql));
  REVOPS_TRY(Execute(prepared));
  return {};
}

Result<Rows> Session::Query(const std::string& sql) {
  REVOPS_TRY_ASSIGN(const Prepared prepared, Prepare(sql));
  return Stream(prepared);
}

Result<Prepared> Session::Prepare(const std::string& sql) {
  REVOPS_TRY(CheckLimits());
  duckdb_prepared_statement handle = nullptr;
  const duckdb_state state = duckdb_prepare(connection_, sql.c_str(), &handle);
  Prepared prepared(handle);
  if (state != DuckDBSuccess) return Explain(duckdb_prepare_error(handle));
  return prepared;
}

Result<Rows> Session::Stream(const Prepared& prepared) {
  REVOPS_TRY(CheckLimits());
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_prepared_streaming(prepared.get(), &result);
  Rows rows(*this, result);
  if (state != DuckDBSuccess) return Explain(duckdb_result_error(&rows.result()));
  return rows;
}

Result<Rows> Session::Execute(const Prepared& prepared) {
  REVOPS_TRY(CheckLimits());
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_prepared(prepared.get(), &result);
  Rows rows(*this, result);
  if (state != DuckDBSuccess) return Explain(duckdb_result_error(&rows.result()));
  return rows;
}

Unexpected Session::Explain(const char* message) const {
  const std::string_view text = message == nullptr ? "" : message;
  if (is_fatal(text)) instance_->is_broken = true;
  Error error = DuckDbError(text);
  if (error.origin == "duckdb:interrupt") {
    return Ended(watch_->fired().value_or(ErrorCode::kCancelled));
  }
  return Fail(std::move(error));
}

Result<void> Session::CheckLimits() const {
  if (const auto fired = watch_->fired()) return Ended(*fired);
  return {};
}

}  // namespace revops::warehouse
