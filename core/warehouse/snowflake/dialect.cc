#include "core/warehouse/snowflake/dialect.h"

#include <algorithm>

#include "core/sales/normalize.h"

namespace revops::warehouse {
namespace {

// What metrics.md trims and folds; the engine's own idea of spaces and letters differs.
constexpr std::string_view kSpaces =
    "CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13) || ' ' || CHR(160)";
constexpr std::string_view kLetters = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'";

SqlStatement Join(const std::vector<SqlStatement>& parts, std::string_view separator) {
  SqlStatement joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined.Add(separator);
    joined.Add(parts[i]);
  }
  return joined;
}

SqlStatement Sql(std::string_view text) { return SqlStatement{std::string(text), {}}; }

std::string Trimmed(const std::string& raw) {
  return "TRIM(" + raw + ", " + std::string(kSpaces) + ")";
}

std::string Folded(const std::string& raw) {
  return "TRANSLATE(" + Trimmed(raw) + ", " + std::string(kLetters) + ")";
}

const std::string& DateOf(const SnowflakeTable& table) {
  return table.names[table.schema.date_column()];
}

std::string AmountOf(const SnowflakeTable& table) {
  return table.names[table.schema.amount_column()] + "::NUMBER(38,2)";
}

/// Bytewise, whatever collation the column was declared with; a text of no collation, since TRIM
/// takes characters of one's own for no other.
std::string Bytewise(const SnowflakeTable& table, std::size_t column) {
  const bool is_text = table.schema.columns()[column].type == sales::ColumnType::kText;
  const std::string& name = table.names[column];
  return is_text ? "COLLATE(" + name + ", '')" : name;
}

std::string Day(Date date) { return "TO_DATE('" + date.ToString() + "', 'YYYY-MM-DD')"; }

std::string IsDated(const SnowflakeTable& table) {
  const std::string& date = DateOf(table);
  return "(" + date + " >= " + Day(kRepresentableDays.start) + " AND " + date +
         " <= " + Day(kRepresentableDays.end - 1) + ")";
}

/// The day; NULL for undated rows.
std::string DayOf(const SnowflakeTable& table) {
  return "CASE WHEN " + IsDated(table) + " THEN " + DateOf(table) + " END";
}

SqlStatement InRange(const SnowflakeTable& table, DateRange range) {
  const Date first = std::max(range.start, kRepresentableDays.start);
  const Date last = std::min(range.end, kRepresentableDays.end) - 1;
  SqlStatement sql;
  if (last < first) return sql.Add("FALSE");
  sql.Add("(" + DateOf(table) + " >= TO_DATE(").BindText(first.ToString());
  sql.Add(", 'YYYY-MM-DD') AND " + DateOf(table) + " <= TO_DATE(").BindText(last.ToString());
  return sql.Add(", 'YYYY-MM-DD'))");
}

SqlStatement SelectsDays(const SnowflakeTable& table, const DaySelection& days) {
  std::vector<SqlStatement> choices;
  for (const DateRange& range : days.ranges) choices.push_back(InRange(table, range));
  if (days.undated) {
    choices.push_back(Sql("(" + DateOf(table) + " IS NULL OR NOT " + IsDated(table) + ")"));
  }
  if (choices.empty()) return Sql("FALSE");
  return Sql("(").Add(Join(choices, " OR ")).Add(")");
}

std::string From(const TableState& state) {
  if (state.at.empty()) return " FROM FCT_SALES";
  return " FROM FCT_SALES AT(TIMESTAMP => '" + state.at + "'::TIMESTAMP_TZ)";
}

/// `direction`: of the day and the id.
std::string CanonicalOrder(const SnowflakeTable& table, std::string_view direction) {
  const std::size_t date = table.schema.date_column();
  const std::size_t id = table.schema.id_column();
  std::string keys = DayOf(table) + std::string(direction) + " NULLS LAST, " + Bytewise(table, id) +
                     std::string(direction) + " NULLS LAST";
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    if (i != date && i != id) keys += ", " + Bytewise(table, i) + " NULLS LAST";
  }
  return keys;
}

std::string AllColumns(const SnowflakeTable& table) {
  std::string columns;
  for (const std::string& name : table.names) columns += (columns.empty() ? "" : ", ") + name;
  return columns;
}

void AddWhen(SqlStatement& sql, std::string_view value, std::string_view label) {
  sql.Add(" WHEN ").BindText(std::string(value)).Add(" THEN ").BindText(std::string(label));
}

SqlStatement StatusLabel(const sales::Definitions& definitions, const std::string& raw) {
  SqlStatement sql = Sql("CASE " + Folded(raw));
  for (const auto& [folded, status] : definitions.statuses) {
    AddWhen(sql, folded, sales::ToString(status));
  }
  if (definitions.statuses.empty()) sql.Add(" WHEN NULL THEN NULL");
  return sql.Add(" ELSE ")
      .BindText(std::string(sales::ToString(sales::Status::kUnknown)))
      .Add(" END");
}

SqlStatement StageLabel(const sales::Definitions& definitions, const std::string& raw) {
  SqlStatement listed = Sql("CASE " + Folded(raw));
  for (const std::string& stage : definitions.stages) AddWhen(listed, sales::Fold(stage), stage);
  for (const auto& [folded, stage] : definitions.stage_aliases) AddWhen(listed, folded, stage);
  listed.Add(" ELSE " + Trimmed(raw) + " END");
  if (definitions.stages.empty() && definitions.stage_aliases.empty()) listed = Sql(Trimmed(raw));
  return Sql("CASE WHEN " + Trimmed(raw) + " <> '' THEN ").Add(listed).Add(" END");
}

SqlStatement PlainLabel(const sales::Definitions& definitions, const std::string& dimension,
                        const std::string& raw) {
  SqlStatement label = Sql(Trimmed(raw));
  const auto aliases = definitions.aliases.find(dimension);
  if (aliases != definitions.aliases.end() && !aliases->second.empty()) {
    label = Sql("CASE " + Trimmed(raw));
    for (const auto& [value, alias] : aliases->second) AddWhen(label, value, sales::Trim(alias));
    label.Add(" ELSE " + Trimmed(raw) + " END");
  }
  return Sql("CASE WHEN " + Trimmed(raw) + " <> '' THEN NULLIF(").Add(label).Add(", '') END");
}

SqlStatement Label(const SnowflakeTable& table, const sales::Definitions& definitions,
                   std::size_t dimension, const std::string& raw) {
  const sales::Schema& schema = table.schema;
  if (dimension == schema.status_dimension()) return StatusLabel(definitions, raw);
  if (dimension == schema.stage_dimension()) return StageLabel(definitions, raw);
  return PlainLabel(definitions, schema.dimension_name(dimension), raw);
}

/// "NULL" in the type of the column, so that both halves of a union agree.
std::string TypedNull(const sales::Column& column) {
  switch (column.type) {
    case sales::ColumnType::kNumber:
      return "CAST(NULL AS NUMBER(38,0))";
    case sales::ColumnType::kDecimal:
      return "CAST(NULL AS NUMBER(38,2))";
    case sales::ColumnType::kDate:
      return "CAST(NULL AS DATE)";
    case sales::ColumnType::kText:
      break;
  }
  return "CAST(NULL AS VARCHAR)";
}

}  // namespace

std::string QuotedName(std::string_view name) {
  std::string sql = "\"";
  for (const char c : name) {
    sql += c;
    if (c == '"') sql += c;
  }
  return sql + "\"";
}

SqlStatement DescribeQuery() { return Sql("SELECT * FROM FCT_SALES LIMIT 0"); }

SqlStatement ChangeTokenQuery() {
  return Sql("SELECT SYSTEM$LAST_CHANGE_COMMIT_TIME('FCT_SALES') AS CHANGE_TOKEN");
}

SqlStatement TimeQuery() { return Sql("SELECT CURRENT_TIMESTAMP() AS READ_AT"); }

SqlStatement DayDigestsQuery(const SnowflakeTable& table, const TableState& state) {
  std::string values;
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const bool is_amount = i == table.schema.amount_column();
    values += (i > 0 ? ", " : "") + (is_amount ? AmountOf(table) : table.names[i]);
  }
  return Sql("SELECT " + DayOf(table) + " AS DAY, COUNT(*) AS N, HASH_AGG(" + values +
             ") AS DIGEST" + From(state) + " GROUP BY 1 ORDER BY 1 NULLS LAST");
}

SqlStatement ReadDaysQuery(const SnowflakeTable& table, const TableState& state,
                           const DaySelection& days) {
  return Sql("SELECT " + AllColumns(table) + From(state) + " WHERE ")
      .Add(SelectsDays(table, days))
      .Add(" ORDER BY " + CanonicalOrder(table, ""));
}

SqlStatement AggregateDaysQuery(const SnowflakeTable& table, const TableState& state,
                                const sales::Definitions& definitions, const DaySelection& days) {
  const sales::Schema& schema = table.schema;
  SqlStatement sql = Sql("SELECT DAY");
  std::string raw;
  std::string groups = "1";
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    const std::string name = "D" + std::to_string(i);
    raw += ", " + Bytewise(table, schema.texts()[schema.dimensions()[i]]) + " AS " + name;
    groups += ", " + std::to_string(i + 2);
    sql.Add(", ").Add(Label(table, definitions, i, name)).Add(" AS L" + std::to_string(i));
  }
  // Labels are computed once for each combination of raw values, not for each row.
  return sql
      .Add(", SUM(N) AS N, SUM(P) AS P, SUM(A) AS A FROM (SELECT " + DayOf(table) + " AS DAY" +
           raw + ", COUNT(*) AS N, COUNT(" + table.names[schema.amount_column()] + ") AS P, SUM(" +
           AmountOf(table) + ") AS A" + From(state) + " WHERE ")
      .Add(SelectsDays(table, days))
      .Add(" GROUP BY " + groups + ") GROUP BY " + groups);
}

SqlStatement RecentSalesQuery(const SnowflakeTable& table, DateRange window,
                              std::uint64_t rows_max) {
  const sales::Schema& schema = table.schema;
  const std::string status =
      Bytewise(table, schema.texts()[schema.dimensions()[schema.status_dimension()]]);
  std::string nulls;
  for (const sales::Column& column : schema.columns()) nulls += TypedNull(column) + ", ";
  SqlStatement sql = Sql("WITH W AS (SELECT " + AllColumns(table) + " FROM FCT_SALES WHERE ");
  sql.Add(InRange(table, window));
  return sql.Add("), R AS (SELECT * FROM W ORDER BY " + CanonicalOrder(table, " DESC") + " LIMIT " +
                 std::to_string(rows_max) + ") SELECT " + AllColumns(table) +
                 ", CAST(NULL AS VARCHAR) AS RAW_STATUS, CAST(NULL AS NUMBER(38,0)) AS N, "
                 "CAST(NULL AS NUMBER(38,0)) AS P, CAST(NULL AS NUMBER(38,2)) AS A FROM R "
                 "UNION ALL SELECT " +
                 nulls + status + ", COUNT(*), COUNT(" + table.names[schema.amount_column()] +
                 "), SUM(" + AmountOf(table) + ") FROM W GROUP BY " + status);
}

SqlStatement CountQuery(const SnowflakeTable& table, Date today) {
  const std::string& date = DateOf(table);
  const std::string dated = IsDated(table);
  const SqlStatement past = InRange(table, {kRepresentableDays.start, today + 1});
  SqlStatement sql = Sql("SELECT COUNT(*) AS N, COUNT(*) - COUNT(CASE WHEN " + dated +
                         " THEN 1 END) AS UNDATED, COUNT(CASE WHEN " + dated + " AND NOT ");
  sql.Add(past).Add(" THEN 1 END) AS FUTURE, COUNT(*) - COUNT(" +
                    table.names[table.schema.id_column()] + ") AS WITHOUT_ID, MAX(CASE WHEN ");
  return sql.Add(past).Add(" THEN " + date + " END) AS NEWEST FROM FCT_SALES");
}

}  // namespace revops::warehouse
