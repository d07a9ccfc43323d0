#include "core/warehouse/duckdb/statement.h"

#include <string>
#include <utility>
#include <vector>

#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/errors.h"
#include "core/warehouse/duckdb/row_reader.h"

namespace revops::warehouse {
namespace {

enum class Access { kReads, kWrites, kRefused };

Access AccessOf(duckdb_statement_type type) {
  switch (type) {
    case DUCKDB_STATEMENT_TYPE_SELECT:
      return Access::kReads;
    case DUCKDB_STATEMENT_TYPE_INSERT:
    case DUCKDB_STATEMENT_TYPE_UPDATE:
    case DUCKDB_STATEMENT_TYPE_DELETE:
    case DUCKDB_STATEMENT_TYPE_MERGE_INTO:
    case DUCKDB_STATEMENT_TYPE_CREATE:
    case DUCKDB_STATEMENT_TYPE_ALTER:
    case DUCKDB_STATEMENT_TYPE_DROP:
    case DUCKDB_STATEMENT_TYPE_EXPLAIN:  // EXPLAIN ANALYZE runs the statement
      return Access::kWrites;
    default:
      return Access::kRefused;
  }
}

class Statements {
 public:
  Statements(duckdb_connection connection, const std::string& text)
      : count_(duckdb_extract_statements(connection, text.c_str(), &handle_)) {}
  ~Statements() { duckdb_destroy_extracted(&handle_); }
  Statements(const Statements&) = delete;
  Statements& operator=(const Statements&) = delete;

  idx_t count() const { return count_; }
  duckdb_extracted_statements get() const { return handle_; }

 private:
  duckdb_extracted_statements handle_ = nullptr;
  idx_t count_;
};

Result<Prepared> PrepareOne(Session& session, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return Fail(ErrorCode::kInvalidArgument, "The statement holds a NUL character.");
  }
  REVOPS_TRY(session.CheckLimits());
  const Statements statements(session.connection(), std::string(text));
  if (statements.count() == 0) {
    const char* message = duckdb_extract_statements_error(statements.get());
    if (message != nullptr && *message != '\0') return session.Explain(message);
    return Fail(ErrorCode::kInvalidArgument, "There is no statement. Give one.");
  }
  if (statements.count() > 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "One statement at a time: these are " + std::to_string(statements.count()) + ".");
  }
  duckdb_prepared_statement handle = nullptr;
  const duckdb_state state =
      duckdb_prepare_extracted_statement(session.connection(), statements.get(), 0, &handle);
  Prepared prepared(handle);
  if (state != DuckDBSuccess) return session.Explain(duckdb_prepare_error(handle));
  return prepared;
}

/// Chunks of any types as rows of text: the appender casts to VARCHAR as the engine does.
class TextConverter {
 public:
  TextConverter(Session& session, std::size_t columns) : session_(session), columns_(columns) {}
  ~TextConverter() { duckdb_appender_destroy(&appender_); }
  TextConverter(const TextConverter&) = delete;
  TextConverter& operator=(const TextConverter&) = delete;

  Result<void> Open() {
    std::string definition;
    for (std::size_t i = 0; i < columns_; ++i) {
      definition += (i == 0 ? "" : ", ") + ("c" + std::to_string(i)) + " VARCHAR";
    }
    REVOPS_TRY(session_.Run("CREATE TEMP TABLE revops_result (" + definition + ")"));
    if (duckdb_appender_create_ext(session_.connection(), "temp", "main", "revops_result",
                                   &appender_) != DuckDBSuccess) {
      return Failed();
    }
    return {};
  }

  Result<void> Add(const Chunk& chunk) {
    if (duckdb_append_data_chunk(appender_, chunk.get()) != DuckDBSuccess) return Failed();
    return {};
  }

  Result<void> Finish(std::vector<std::vector<std::optional<std::string>>>& rows) {
    if (duckdb_appender_close(appender_) != DuckDBSuccess) return Failed();
    REVOPS_TRY_ASSIGN(Rows texts, session_.Query("SELECT * FROM temp.revops_result"));
    while (true) {
      REVOPS_TRY_ASSIGN(const auto chunk, texts.Fetch());
      if (!chunk) return {};
      AppendRows(*chunk, rows);
    }
  }

 private:
  Unexpected Failed() const {
    duckdb_error_data data = duckdb_appender_error_data(appender_);
    auto failure = session_.Explain(duckdb_error_data_message(data));
    duckdb_destroy_error_data(&data);
    return failure;
  }

  void AppendRows(const Chunk& chunk, std::vector<std::vector<std::optional<std::string>>>& rows) {
    const std::size_t first = rows.size();
    rows.resize(first + chunk.size(), std::vector<std::optional<std::string>>(columns_));
    for (std::size_t i = 0; i < columns_; ++i) {
      const ColumnView column(chunk, i);
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        if (!column.is_null(row)) rows[first + row][i] = std::string(column.text(row));
      }
    }
  }

  Session& session_;
  std::size_t columns_;
  duckdb_appender appender_ = nullptr;
};

/// Takes chunks until `rows_max` rows are there; whether more would follow.
Result<bool> Collect(Rows& rows, std::uint64_t rows_max, std::vector<Chunk>& chunks) {
  std::uint64_t taken = 0;
  while (true) {
    REVOPS_TRY_ASSIGN(auto chunk, rows.Fetch());
    if (!chunk) return false;
    if (chunk->size() == 0) continue;
    const std::uint64_t room = rows_max - taken;
    const bool is_more = chunk->size() > room;
    if (is_more) duckdb_data_chunk_set_size(chunk->get(), room);
    taken += chunk->size();
    if (chunk->size() > 0) chunks.push_back(*std::move(chunk));
    if (is_more) return true;
  }
}

std::vector<std::string> ColumnNames(Rows& rows) {
  std::vector<std::string> names;
  const idx_t count = duckdb_column_count(&rows.result());
  for (idx_t i = 0; i < count; ++i) names.emplace_back(duckdb_column_name(&rows.result(), i));
  return names;
}

/// `converting` is a second connection: the first one's result is still open.
Result<SqlTable> ToTable(Rows rows, Session& converting, std::uint64_t rows_max) {
  SqlTable table;
  if (duckdb_result_return_type(rows.result()) == DUCKDB_RESULT_TYPE_CHANGED_ROWS) {
    table.rows_changed = duckdb_rows_changed(&rows.result());
    return table;
  }
  if (duckdb_result_return_type(rows.result()) != DUCKDB_RESULT_TYPE_QUERY_RESULT) return table;
  table.columns = ColumnNames(rows);
  std::vector<Chunk> chunks;
  REVOPS_TRY_ASSIGN(table.truncated, Collect(rows, rows_max, chunks));
  TextConverter converter(converting, table.columns.size());
  REVOPS_TRY(converter.Open());
  for (const Chunk& chunk : chunks) REVOPS_TRY(converter.Add(chunk));
  REVOPS_TRY(converter.Finish(table.rows));
  return table;
}

Unexpected Refused() {
  return Fail(ErrorCode::kInvalidArgument,
              "Only SELECT, INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP and EXPLAIN are "
              "taken here.");
}

}  // namespace

Result<SqlTable> ExecuteStatement(Engine& engine, std::string_view statement,
                                  std::uint64_t rows_max, const SessionLimits& limits) {
  REVOPS_TRY_ASSIGN(const auto session, engine.Connect(limits));
  REVOPS_TRY_ASSIGN(const auto converting, engine.Connect(limits));
  REVOPS_TRY_ASSIGN(const Prepared prepared, PrepareOne(*session, statement));
  switch (AccessOf(duckdb_prepared_statement_type(prepared.get()))) {
    case Access::kRefused:
      return Refused();
    case Access::kReads: {
      REVOPS_TRY(session->Run("BEGIN TRANSACTION READ ONLY"));
      REVOPS_TRY_ASSIGN(Rows rows, session->Stream(prepared));
      return ToTable(std::move(rows), *converting, rows_max);
    }
    case Access::kWrites: {
      REVOPS_TRY_ASSIGN(const auto lock, engine.LockForWriting(limits));
      const duckdb_statement_type type = duckdb_prepared_statement_type(prepared.get());
      REVOPS_TRY_ASSIGN(Rows rows, session->Execute(prepared));
      REVOPS_TRY_ASSIGN(SqlTable table, ToTable(std::move(rows), *converting, rows_max));
      const bool returns_rows = !table.columns.empty();
      if (returns_rows && type != DUCKDB_STATEMENT_TYPE_EXPLAIN) {
        table.rows_changed = table.rows.size();
      }
      return table;
    }
  }
  return Refused();
}

}  // namespace revops::warehouse
