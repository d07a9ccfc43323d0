#include "core/warehouse/duckdb/import.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/money.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/fit_table.h"
#include "core/warehouse/duckdb/origin.h"
#include "core/warehouse/duckdb/type_map.h"

namespace revops::warehouse {
namespace {

duckdb_hugeint ToHugeint(Int128 value) {
  return {static_cast<std::uint64_t>(value), static_cast<std::int64_t>(value >> 64)};
}

std::string StagedType(const sales::Column& column) {
  switch (column.type) {
    case sales::ColumnType::kNumber:
      return "HUGEINT";
    case sales::ColumnType::kDecimal:
      return "DECIMAL(38,2)";
    case sales::ColumnType::kDate:
      return "DATE";
    case sales::ColumnType::kText:
      break;
  }
  return "VARCHAR";
}

duckdb_logical_type StagedLogicalType(const sales::Column& column) {
  switch (column.type) {
    case sales::ColumnType::kNumber:
      return duckdb_create_logical_type(DUCKDB_TYPE_HUGEINT);
    case sales::ColumnType::kDecimal:
      return duckdb_create_decimal_type(38, 2);
    case sales::ColumnType::kDate:
      return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case sales::ColumnType::kText:
      break;
  }
  return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
}

duckdb_data_chunk MakeChunk(const sales::Schema& schema) {
  std::vector<duckdb_logical_type> types;
  for (const sales::Column& column : schema.columns()) types.push_back(StagedLogicalType(column));
  duckdb_data_chunk chunk = duckdb_create_data_chunk(types.data(), types.size());
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  return chunk;
}

template <class T>
void Set(duckdb_vector vector, std::size_t row, T value) {
  static_cast<T*>(duckdb_vector_get_data(vector))[row] = value;
}

/// The temporary table and its appender.
class Staging final : public sales::SaleSink {
 public:
  Staging(Session& session, const sales::Schema& schema)
      : session_(session), schema_(schema), chunk_(MakeChunk(schema)) {}
  ~Staging() override { duckdb_appender_destroy(&appender_); }

  Result<void> Open() {
    std::string definition;
    for (const sales::Column& column : schema_.columns()) {
      definition +=
          (definition.empty() ? "" : ", ") + Identifier(column.name) + " " + StagedType(column);
    }
    REVOPS_TRY(session_.Run("CREATE TEMP TABLE revops_staged (" + definition + ")"));
    return Check(duckdb_appender_create_ext(session_.connection(), "temp", "main", "revops_staged",
                                            &appender_));
  }

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    REVOPS_TRY(session_.CheckLimits());
    for (const sales::SaleView& row : rows) {
      if (filled_ == duckdb_vector_size()) REVOPS_TRY(Flush());
      REVOPS_TRY(Put(row));
      ++filled_;
    }
    return {};
  }

  Result<std::uint64_t> Finish() {
    REVOPS_TRY(Flush());
    REVOPS_TRY(Check(duckdb_appender_close(appender_)));
    return rows_;
  }

 private:
  Result<void> Check(duckdb_state state) {
    if (state == DuckDBSuccess) return {};
    duckdb_error_data data = duckdb_appender_error_data(appender_);
    auto failure = session_.Explain(duckdb_error_data_message(data));
    duckdb_destroy_error_data(&data);
    return failure;
  }

  Result<void> Flush() {
    duckdb_data_chunk_set_size(chunk_.get(), filled_);
    REVOPS_TRY(Check(duckdb_append_data_chunk(appender_, chunk_.get())));
    duckdb_data_chunk_reset(chunk_.get());
    rows_ += filled_;
    filled_ = 0;
    return {};
  }

  void PutNull(std::size_t column) {
    duckdb_vector vector = chunk_.column(column);
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), filled_);
  }

  Result<void> PutText(std::size_t column, const std::optional<std::string_view>& text) {
    if (!text) {
      PutNull(column);
      return {};
    }
    duckdb_error_data malformed = duckdb_valid_utf8_check(text->data(), text->size());
    if (malformed != nullptr) {
      duckdb_destroy_error_data(&malformed);
      return Fail(ErrorCode::kInvalidArgument,
                  "A " + schema_.columns()[column].name + " of the rows to import is not UTF-8.");
    }
    duckdb_unsafe_vector_assign_string_element_len(chunk_.column(column), filled_, text->data(),
                                                   text->size());
    return {};
  }

  Result<void> PutId(const std::optional<std::string_view>& id) {
    if (!schema_.has_numeric_ids() || !id) return PutText(schema_.id_column(), id);
    const auto number = ParseDecimal(*id);
    if (!number) {
      return Fail(ErrorCode::kInvalidArgument,
                  "A SALE_ID of the rows to import is not a whole number of at most 38 digits.");
    }
    Set(chunk_.column(schema_.id_column()), filled_, ToHugeint(*number));
    return {};
  }

  Result<void> Put(const sales::SaleView& row) {
    if (row.date_unrepresentable) {
      return Fail(ErrorCode::kInvalidArgument,
                  "A SALE_DATE of the rows to import is not within the years 0001 to 9999.");
    }
    REVOPS_CHECK(row.texts.size() == schema_.text_count());
    REVOPS_TRY(PutId(row.id));
    if (row.sold_on) {
      Set(chunk_.column(schema_.date_column()), filled_, duckdb_date{row.sold_on->days()});
    } else {
      PutNull(schema_.date_column());
    }
    if (row.amount) {
      Set(chunk_.column(schema_.amount_column()), filled_, ToHugeint(row.amount->cents()));
    } else {
      PutNull(schema_.amount_column());
    }
    for (std::size_t i = 0; i < row.texts.size(); ++i) {
      REVOPS_TRY(PutText(schema_.texts()[i], row.texts[i]));
    }
    return {};
  }

  Session& session_;
  const sales::Schema& schema_;
  Chunk chunk_;
  duckdb_appender appender_ = nullptr;
  std::size_t filled_ = 0;
  std::uint64_t rows_ = 0;
};

bool ReplacesAll(ImportMode mode) {
  return mode == ImportMode::kReplace || mode == ImportMode::kRestore;
}

/// From the staged rows into the table, which has every column of theirs by now.
Result<void> TakeStaged(Session& session, const SalesTable& table, const sales::Schema& schema,
                        ImportMode mode) {
  const auto name_in_table = [&](const sales::Column& column) -> const std::string& {
    const auto& columns = table.schema.columns();
    const auto found =
        std::find_if(columns.begin(), columns.end(),
                     [&](const sales::Column& other) { return other.name == column.name; });
    REVOPS_CHECK(found != columns.end());
    return table.names[static_cast<std::size_t>(found - columns.begin())];
  };
  std::string names;
  std::string values;
  for (const sales::Column& column : schema.columns()) {
    names += (names.empty() ? "" : ", ") + name_in_table(column);
    values += (values.empty() ? "" : ", ") + Identifier(column.name);
  }
  if (ReplacesAll(mode)) {
    REVOPS_TRY(session.Run("DELETE FROM FCT_SALES"));
  }
  if (mode == ImportMode::kUpsert) {
    const std::string type = table.schema.has_numeric_ids() ? "HUGEINT" : "VARCHAR";
    REVOPS_TRY(session.Run("DELETE FROM FCT_SALES WHERE " + table.names[table.schema.id_column()] +
                           " IN (SELECT CAST(SALE_ID AS " + type + ") FROM temp.revops_staged)"));
  }
  return session.Run("INSERT INTO FCT_SALES (" + names + ") SELECT " + values +
                     " FROM temp.revops_staged");
}

/// Errors: kInvalidArgument for a table that cannot hold what is to be imported.
Result<void> CheckAmounts(const SalesTable& table) {
  if (table.amount_scale == 2) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "The column AMOUNT of FCT_SALES cannot hold cents. Change it to DECIMAL(12,2).");
}

/// Refuses what can be told before rows are read. A missing table is created later.
Result<void> CheckTable(Session& session, const sales::Schema& schema, ImportMode mode) {
  const auto table = FindSalesTable(session);
  if (!table && table.error().code == ErrorCode::kNotFound) return {};
  if (!table) return Fail(table.error());
  REVOPS_TRY(CheckAmounts(*table));
  REVOPS_TRY(StatementsToFit(*table, schema, mode));
  return {};
}

}  // namespace

Result<std::uint64_t> ImportSales(Engine& engine, SaleSource& source, const sales::Schema& schema,
                                  ImportMode mode, std::stop_token stop) {
  const SessionLimits limits{Watchdog::kNoDeadline, std::move(stop)};
  REVOPS_TRY_ASSIGN(const auto session, engine.Connect(limits));
  REVOPS_TRY(CheckTable(*session, schema, mode));
  Staging staging(*session, schema);
  REVOPS_TRY(staging.Open());
  REVOPS_TRY(source.ReadAll(staging));
  REVOPS_TRY_ASSIGN(const std::uint64_t rows, staging.Finish());
  REVOPS_TRY_ASSIGN(const auto lock, engine.LockForWriting(limits));
  REVOPS_TRY(session->Run("BEGIN TRANSACTION"));
  REVOPS_TRY_ASSIGN(const SalesTable table, FitTable(*session, schema, mode));
  REVOPS_TRY(CheckAmounts(table));
  REVOPS_TRY(TakeStaged(*session, table, schema, mode));
  if (ReplacesAll(mode)) REVOPS_TRY(WriteOrigin(*session, source.origin()));
  REVOPS_TRY(session->Run("COMMIT"));
  return rows;
}

}  // namespace revops::warehouse
