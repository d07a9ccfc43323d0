#include "core/warehouse/duckdb/origin.h"

#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/row_reader.h"

namespace revops::warehouse {

Result<std::optional<std::string>> ReadOrigin(Session& session) {
  const auto query = session.Prepare("SELECT CAST(ORIGIN AS VARCHAR) FROM revops.sales_rows");
  if (!query && query.error().origin == "duckdb:catalog") return std::optional<std::string>();
  if (!query) return Fail(query.error());
  REVOPS_TRY_ASSIGN(Rows rows, session.Stream(*query));
  REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
  if (!chunk) return std::optional<std::string>();
  const ColumnView origin(*chunk, 0);
  if (origin.is_null(0)) return std::optional<std::string>();
  return std::optional(std::string(origin.text(0)));
}

Result<void> WriteOrigin(Session& session, const std::optional<std::string>& origin) {
  REVOPS_TRY(session.Run("CREATE SCHEMA IF NOT EXISTS revops"));
  return session.Run("CREATE OR REPLACE TABLE revops.sales_rows AS SELECT " +
                     (origin ? Literal(*origin) : std::string("NULL::VARCHAR")) + " AS ORIGIN");
}

}  // namespace revops::warehouse
