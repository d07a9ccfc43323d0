#include "core/warehouse/duckdb/fit_table.h"

#include <algorithm>
#include <utility>

#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/fct_sales_sql.h"
#include "core/warehouse/further_columns.h"

namespace revops::warehouse {
namespace {

constexpr std::string_view kAlter = "ALTER TABLE FCT_SALES ";

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view upper_name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return ToUpper(name) == upper_name; });
}

/// The further dimensions of a schema.
Names FurtherOf(const sales::Schema& schema) {
  const auto& columns = schema.columns();
  Names names;
  for (std::size_t i = sales::Schema::FctSales().columns().size(); i < columns.size(); ++i) {
    names.push_back(columns[i].name);
  }
  return names;
}

std::string Listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// A dimension's place in the table may be taken by a column that plays no part.
Result<void> CheckNames(const SalesTable& table, const Names& wanted) {
  for (const LeftOutColumn& column : table.left_out) {
    const std::string name = ToUpper(column.name);
    if (!contains(wanted, name) || contains(table.candidates, name)) continue;
    return Fail(ErrorCode::kInvalidArgument,
                "The column " + column.name + " of FCT_SALES cannot be a dimension: it " +
                    column.why + ". Change it to VARCHAR, or name the dimension otherwise.");
  }
  return {};
}

/// What is dropped, of the columns of the table.
Result<Names> NamesToDrop(const SalesTable& table, const Names& wanted, ImportMode mode) {
  Names unwanted;
  for (const std::string& name : table.candidates) {
    if (!contains(wanted, ToUpper(name))) unwanted.push_back(name);
  }
  if (mode == ImportMode::kRestore) {
    const bool is_as_wanted =
        std::equal(wanted.begin(), wanted.end(), table.candidates.begin(), table.candidates.end(),
                   [](const auto& name, const auto& column) { return name == ToUpper(column); });
    return is_as_wanted ? Names() : table.candidates;
  }
  const bool needs_new = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return !table.schema.FindDimension(sales::Fold(name));
  });
  if (!needs_new || wanted.size() + unwanted.size() <= sales::kFurtherDimensionsMax) {
    return Names();
  }
  if (mode == ImportMode::kReplace) return unwanted;
  return Fail(ErrorCode::kInvalidArgument, "FCT_SALES has the further dimensions " +
                                               Listed(table.candidates) + ", and there may be " +
                                               std::to_string(sales::kFurtherDimensionsMax) +
                                               " of them. Use these, or replace all rows.");
}

std::string AlterIds(const SalesTable& table, bool to_text) {
  const std::string alter =
      std::string(kAlter) + "ALTER " + table.names[table.schema.id_column()] + " TYPE ";
  return alter + (to_text ? "VARCHAR" : "DECIMAL(38,0) USING NULL");
}

}  // namespace

Result<std::vector<std::string>> StatementsToFit(const SalesTable& table,
                                                 const sales::Schema& schema, ImportMode mode) {
  std::vector<std::string> statements;
  const Names wanted = FurtherOf(schema);
  REVOPS_TRY(CheckNames(table, wanted));
  REVOPS_TRY_ASSIGN(const Names dropped, NamesToDrop(table, wanted, mode));
  for (const std::string& name : dropped) {
    statements.push_back(std::string(kAlter) + "DROP COLUMN " + Identifier(name));
  }
  for (const std::string& name : wanted) {
    if (contains(table.candidates, name) && !contains(dropped, name)) continue;
    statements.push_back(std::string(kAlter) + "ADD COLUMN " + Identifier(name) + " VARCHAR");
  }
  const bool is_text = !table.schema.has_numeric_ids();
  const bool is_text_wanted = !schema.has_numeric_ids();
  if (is_text_wanted && !is_text) statements.push_back(AlterIds(table, true));
  // Nothing of the present rows is kept.
  if (mode == ImportMode::kRestore && is_text && !is_text_wanted) {
    statements.push_back(AlterIds(table, false));
  }
  return statements;
}

Result<SalesTable> FitTable(Session& session, const sales::Schema& schema, ImportMode mode) {
  auto table = FindSalesTable(session);
  if (!table && table.error().code == ErrorCode::kNotFound) {
    REVOPS_TRY(session.Run(kFctSalesSql));
    table = FindSalesTable(session);
  }
  if (!table) return table;
  REVOPS_TRY_ASSIGN(const auto statements, StatementsToFit(*table, schema, mode));
  for (const std::string& statement : statements) {
    const auto ran = session.Run(statement);
    if (!ran && ran.error().origin == "duckdb:dependency") {
      return Fail(ErrorCode::kInvalidArgument,
                  "The columns of FCT_SALES cannot be changed while it has an index. Drop the "
                  "index, then import again.");
    }
    if (!ran) return Fail(ran.error());
  }
  if (statements.empty()) return table;
  return FindSalesTable(session);
}

}  // namespace revops::warehouse
