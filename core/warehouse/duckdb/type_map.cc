#include "core/warehouse/duckdb/type_map.h"

#include <optional>

#include "core/sales/normalize.h"
#include "core/warehouse/duckdb/dialect.h"

namespace revops::warehouse {
namespace {

/// A column of the table as the engine describes it.
struct Found {
  std::string name;
  duckdb_type type = DUCKDB_TYPE_INVALID;
  int scale = 0;
};

std::vector<Found> ColumnsOf(const Prepared& prepared) {
  std::vector<Found> columns;
  const idx_t count = duckdb_prepared_statement_column_count(prepared.get());
  for (idx_t i = 0; i < count; ++i) {
    const char* name = duckdb_prepared_statement_column_name(prepared.get(), i);
    duckdb_logical_type type = duckdb_prepared_statement_column_logical_type(prepared.get(), i);
    Found column{name, duckdb_get_type_id(type), 0};
    if (column.type == DUCKDB_TYPE_DECIMAL) column.scale = duckdb_decimal_scale(type);
    duckdb_destroy_logical_type(&type);
    duckdb_free(const_cast<char*>(name));
    columns.push_back(std::move(column));
  }
  return columns;
}

const Found* FindByName(const std::vector<Found>& columns, const std::string& upper_name) {
  for (const Found& column : columns) {
    if (sales::Fold(column.name) == sales::Fold(upper_name)) return &column;
  }
  return nullptr;
}

bool is_small_integer(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
      return true;
    default:
      return false;
  }
}

bool is_whole_number(const Found& column) {
  return is_small_integer(column.type) || column.type == DUCKDB_TYPE_HUGEINT ||
         column.type == DUCKDB_TYPE_UHUGEINT ||
         (column.type == DUCKDB_TYPE_DECIMAL && column.scale == 0);
}

bool is_amount(const Found& column) {
  return is_small_integer(column.type) || (column.type == DUCKDB_TYPE_DECIMAL && column.scale <= 2);
}

std::string_view WantedType(const sales::Column& column) {
  switch (column.role) {
    case sales::ColumnRole::kId:
      return "DECIMAL(38,0), an integer type or VARCHAR";
    case sales::ColumnRole::kDate:
      return "DATE";
    case sales::ColumnRole::kAmount:
      return "DECIMAL(12,2)";
    case sales::ColumnRole::kDimension:
    case sales::ColumnRole::kText:
      return "VARCHAR";
  }
  return "";
}

/// The SQL of the column's value; nullopt: its type does not do.
std::optional<std::string> Expression(const sales::Column& wanted, const Found& found) {
  const std::string name = Identifier(found.name);
  switch (wanted.role) {
    case sales::ColumnRole::kId:
      if (found.type == DUCKDB_TYPE_VARCHAR) return name;
      if (is_whole_number(found)) return "CAST(" + name + " AS DECIMAL(38,0))";
      return std::nullopt;
    case sales::ColumnRole::kDate:
      return found.type == DUCKDB_TYPE_DATE ? std::optional(name) : std::nullopt;
    case sales::ColumnRole::kAmount:
      if (!is_amount(found)) return std::nullopt;
      if (found.type == DUCKDB_TYPE_DECIMAL && found.scale == 2) return name;
      return "CAST(" + name + " AS DECIMAL(38,2))";
    case sales::ColumnRole::kDimension:
    case sales::ColumnRole::kText:
      return found.type == DUCKDB_TYPE_VARCHAR ? std::optional(name) : std::nullopt;
  }
  return std::nullopt;
}

Unexpected MissingTable() {
  return Fail(ErrorCode::kNotFound,
              "The warehouse has no table FCT_SALES. Create it with `revops init`.");
}

/// Adds the columns by which totals are split besides those of FCT_SALES.
void AddFurtherDimensions(const std::vector<Found>& found, std::vector<sales::Column>& columns,
                          SalesTable& table) {
  std::vector<TableColumn> described;
  for (const Found& column : found) {
    described.push_back({column.name, column.type == DUCKDB_TYPE_VARCHAR});
  }
  FurtherColumns further = FindFurtherColumns(described);
  for (std::size_t i = 0; i < further.candidates.size(); ++i) {
    const std::string& name = found[further.candidates[i]].name;
    table.candidates.push_back(name);
    if (i >= further.dimension_count()) continue;
    columns.push_back(DimensionColumn(name));
    table.expressions.push_back(Identifier(name));
    table.names.push_back(Identifier(name));
  }
  table.left_out = std::move(further.left_out);
}

}  // namespace

Result<SalesTable> FindSalesTable(Session& session) {
  auto prepared = session.Prepare("SELECT * FROM FCT_SALES");
  if (!prepared) {
    if (prepared.error().origin == "duckdb:catalog") return MissingTable();
    return Fail(std::move(prepared).error());
  }
  const std::vector<Found> found = ColumnsOf(*prepared);
  std::vector<sales::Column> columns = sales::Schema::FctSales().columns();
  SalesTable table{sales::Schema::FctSales(), {}, {}, 0, {}, {}};
  for (sales::Column& column : columns) {
    const Found* match = FindByName(found, column.name);
    if (match == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "FCT_SALES has no column " + column.name +
                                                   ". Add it as " +
                                                   std::string(WantedType(column)) + ".");
    }
    auto expression = Expression(column, *match);
    if (!expression) {
      return Fail(ErrorCode::kInvalidArgument, "The column " + column.name +
                                                   " of FCT_SALES has a type that does not fit. "
                                                   "Change it to " +
                                                   std::string(WantedType(column)) + ".");
    }
    if (match->type == DUCKDB_TYPE_VARCHAR) column.type = sales::ColumnType::kText;
    if (column.role == sales::ColumnRole::kAmount) table.amount_scale = match->scale;
    table.expressions.push_back(*std::move(expression));
    table.names.push_back(Identifier(match->name));
  }
  AddFurtherDimensions(found, columns, table);
  REVOPS_TRY_ASSIGN(table.schema, sales::Schema::Make(std::move(columns)));
  return table;
}

}  // namespace revops::warehouse
