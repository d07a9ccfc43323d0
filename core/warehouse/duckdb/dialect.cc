#include "core/warehouse/duckdb/dialect.h"

#include <algorithm>
#include <vector>

#include "core/sales/normalize.h"

namespace revops::warehouse {
namespace {

constexpr std::string_view kUpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kLowerLetters = "abcdefghijklmnopqrstuvwxyz";
// The characters that metrics.md trims; the engine's own idea of a space differs.
constexpr std::string_view kSpaces =
    "chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' ' || chr(160)";

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (!joined.empty()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string Trimmed(const std::string& raw) {
  return "trim(" + raw + ", " + std::string(kSpaces) + ")";
}

std::string Folded(const std::string& raw) {
  return "translate(" + Trimmed(raw) + ", '" + std::string(kUpperLetters) + "', '" +
         std::string(kLowerLetters) + "')";
}

std::string When(std::string_view value, const std::string& label) {
  return " WHEN " + Literal(value) + " THEN " + label;
}

std::string StatusExpression(const sales::Definitions& definitions, const std::string& raw) {
  const std::string unknown = Literal(sales::ToString(sales::Status::kUnknown));
  std::string cases;
  for (const auto& [folded, status] : definitions.statuses) {
    cases += When(folded, Literal(sales::ToString(status)));
  }
  if (cases.empty()) return unknown;
  return "CASE " + Folded(raw) + cases + " ELSE " + unknown + " END";
}

std::string StageExpression(const sales::Definitions& definitions, const std::string& raw) {
  const std::string trimmed = Trimmed(raw);
  std::string cases;
  for (const std::string& stage : definitions.stages) {
    cases += When(sales::Fold(stage), Literal(stage));
  }
  for (const auto& [folded, stage] : definitions.stage_aliases) {
    cases += When(folded, Literal(stage));
  }
  const std::string listed =
      cases.empty() ? trimmed : "CASE " + Folded(raw) + cases + " ELSE " + trimmed + " END";
  return "CASE WHEN " + trimmed + " <> '' THEN " + listed + " END";
}

std::string PlainExpression(const sales::Definitions& definitions, const std::string& dimension,
                            const std::string& raw) {
  const std::string trimmed = Trimmed(raw);
  std::string cases;
  if (const auto aliases = definitions.aliases.find(dimension);
      aliases != definitions.aliases.end()) {
    for (const auto& [value, alias] : aliases->second) {
      cases += When(value, Literal(sales::Trim(alias)));
    }
  }
  const std::string label =
      cases.empty() ? trimmed : "CASE " + trimmed + cases + " ELSE " + trimmed + " END";
  return "CASE WHEN " + trimmed + " <> '' THEN nullif(" + label + ", '') END";
}

const std::string& DateOf(const SalesTable& table) {
  return table.expressions[table.schema.date_column()];
}

std::string IsDated(const SalesTable& table) {
  return DateOf(table) + " >= " + Literal(kRepresentableDays.start) + " AND " + DateOf(table) +
         " < " + Literal(kRepresentableDays.end);
}

/// The day; NULL for undated rows.
std::string DayOf(const SalesTable& table) {
  return "CASE WHEN " + IsDated(table) + " THEN " + DateOf(table) + " END";
}

/// Bytewise, whatever collation the column was declared with.
std::string Bytewise(const SalesTable& table, std::size_t column) {
  const bool is_text = table.schema.columns()[column].type == sales::ColumnType::kText;
  return table.expressions[column] + (is_text ? " COLLATE C" : "");
}

std::string InRange(const SalesTable& table, DateRange range) {
  const Date start = std::max(range.start, kRepresentableDays.start);
  const Date end = std::min(range.end, kRepresentableDays.end);
  return DateOf(table) + " >= " + Literal(start) + " AND " + DateOf(table) + " < " + Literal(end);
}

/// `day`: the SQL by which days are ordered; `direction`: of the day and the id.
std::string CanonicalOrder(const SalesTable& table, const std::string& day,
                           std::string_view direction) {
  const auto key = [&](std::size_t column, std::string_view how) {
    return Bytewise(table, column) + std::string(how) + " NULLS LAST";
  };
  const std::size_t date = table.schema.date_column();
  const std::size_t id = table.schema.id_column();
  std::vector<std::string> keys = {day + std::string(direction) + " NULLS LAST",
                                   key(id, direction)};
  for (std::size_t i = 0; i < table.expressions.size(); ++i) {
    if (i != date && i != id) keys.push_back(key(i, ""));
  }
  return Join(keys, ", ");
}

std::string AmountSum(const SalesTable& table) {
  return "CAST(sum(" + table.expressions[table.schema.amount_column()] + ") AS DECIMAL(38,2))";
}

std::string AmountCount(const SalesTable& table) {
  return "count(" + table.expressions[table.schema.amount_column()] + ")";
}

/// "d0, d1, …": the raw dimensions' names in the inner query of an aggregation.
std::string RawName(std::size_t dimension) { return "d" + std::to_string(dimension); }

}  // namespace

std::string Literal(std::string_view text) {
  std::string sql = "'";
  for (const char c : text) {
    if (c == '\0') {
      sql += "' || chr(0) || '";
    } else {
      sql += c;
      if (c == '\'') sql += c;
    }
  }
  sql += "'";
  return text.find('\0') == std::string_view::npos ? sql : "(" + sql + ")";
}

std::string Literal(Date date) {
  return "(DATE '1970-01-01' + " + std::to_string(date.days()) + ")";
}

std::string Identifier(std::string_view name) {
  std::string sql = "\"";
  for (const char c : name) {
    sql += c;
    if (c == '"') sql += c;
  }
  return sql + "\"";
}

std::string SelectsDays(const SalesTable& table, const DaySelection& days) {
  std::vector<std::string> choices;
  for (const DateRange& range : days.ranges) choices.push_back("(" + InRange(table, range) + ")");
  if (days.undated) {
    choices.push_back("(" + DateOf(table) + " IS NULL OR NOT (" + IsDated(table) + "))");
  }
  return choices.empty() ? "false" : "(" + Join(choices, " OR ") + ")";
}

std::string LabelExpression(const sales::Schema& schema, const sales::Definitions& definitions,
                            std::size_t dimension, const std::string& raw) {
  if (dimension == schema.status_dimension()) return StatusExpression(definitions, raw);
  if (dimension == schema.stage_dimension()) return StageExpression(definitions, raw);
  return PlainExpression(definitions, schema.dimension_name(dimension), raw);
}

std::string CountDaysQuery(const SalesTable& table, const DaySelection& days) {
  return "SELECT " + DateOf(table) + ", count(*) FROM FCT_SALES WHERE " + SelectsDays(table, days) +
         " GROUP BY 1 ORDER BY 1";
}

std::string ReadDaysQuery(const SalesTable& table, const DaySelection& days) {
  return "SELECT " + Join(table.expressions, ", ") + " FROM FCT_SALES WHERE " +
         SelectsDays(table, days) + " ORDER BY " +
         CanonicalOrder(table, days.undated ? DayOf(table) : DateOf(table), "");
}

std::string DayDigestsQuery(const SalesTable& table) {
  std::vector<std::string> values = table.expressions;
  std::string& amount = values[table.schema.amount_column()];
  amount = "CAST(" + amount + " AS DECIMAL(38,2))";
  return "SELECT " + DayOf(table) + ", count(*), CAST(sum(hash(" + Join(values, ", ") +
         ")) AS HUGEINT) FROM FCT_SALES GROUP BY 1 ORDER BY 1 NULLS LAST";
}

std::string AggregateDaysQuery(const SalesTable& table, const sales::Definitions& definitions,
                               const DaySelection& days) {
  const sales::Schema& schema = table.schema;
  std::string raw = DayOf(table) + " AS day";
  std::vector<std::string> labels = {"day"};
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    const std::size_t column = schema.texts()[schema.dimensions()[i]];
    raw += ", " + Bytewise(table, column) + " AS " + RawName(i);
    labels.push_back(LabelExpression(schema, definitions, i, RawName(i)));
  }
  // Labels are computed once for each combination of raw values, not for each row.
  return "SELECT " + Join(labels, ", ") +
         ", CAST(sum(n) AS BIGINT), CAST(sum(p) AS BIGINT), CAST(sum(a) AS DECIMAL(38,2)) FROM "
         "(SELECT " +
         raw + ", count(*) AS n, " + AmountCount(table) + " AS p, " + AmountSum(table) +
         " AS a FROM FCT_SALES WHERE " + SelectsDays(table, days) + " GROUP BY ALL) GROUP BY ALL";
}

std::string RecentSalesQuery(const SalesTable& table, const LiveQuery& query) {
  const sales::Schema& schema = table.schema;
  const std::string window = InRange(table, query.window);
  const std::size_t status = schema.texts()[schema.dimensions()[schema.status_dimension()]];
  const std::vector<std::string> nulls(table.expressions.size(), "NULL");
  // Two scans of few columns each are quicker than one whose rows are kept for both.
  return "(SELECT " + Join(table.expressions, ", ") +
         ", NULL, NULL, NULL, NULL FROM FCT_SALES WHERE " + window + " ORDER BY " +
         CanonicalOrder(table, DateOf(table), " DESC") + " LIMIT " +
         std::to_string(query.rows_max) + ") UNION ALL SELECT " + Join(nulls, ", ") + ", " +
         Bytewise(table, status) + ", count(*), " + AmountCount(table) + ", " + AmountSum(table) +
         " FROM FCT_SALES WHERE " + window + " GROUP BY " + Bytewise(table, status);
}

}  // namespace revops::warehouse
