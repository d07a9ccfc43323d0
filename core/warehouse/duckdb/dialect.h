#pragma once

#include <string>
#include <string_view>

#include "core/base/date.h"
#include "core/sales/definitions.h"
#include "core/warehouse/duckdb/type_map.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// A text as a SQL expression, whatever it holds.
std::string Literal(std::string_view text);
std::string Literal(Date date);
/// A name in double quotes.
std::string Identifier(std::string_view name);

/// True for the rows of `days`; the empty selection takes none.
std::string SelectsDays(const SalesTable& table, const DaySelection& days);

/// The label of a dimension by metrics.md section 2, of the raw value that `raw` gives; NULL: the
/// unknown group. Equal to sales::Normalizer::Label.
std::string LabelExpression(const sales::Schema& schema, const sales::Definitions& definitions,
                            std::size_t dimension, const std::string& raw);

/// Columns: date, rows. Ascending; representable days only.
std::string CountDaysQuery(const SalesTable& table, const DaySelection& days);
/// All columns of the schema, in its order; rows in canonical order.
std::string ReadDaysQuery(const SalesTable& table, const DaySelection& days);
/// Columns: date or NULL, rows, sum of hashes. Ascending, undated last.
std::string DayDigestsQuery(const SalesTable& table);
/// Columns: date or NULL, the dimensions' labels, rows, priced, amount.
std::string AggregateDaysQuery(const SalesTable& table, const sales::Definitions& definitions,
                               const DaySelection& days);
/// Columns: those of ReadDaysQuery, then raw status, rows, priced, amount: the newest rows, whose
/// last four columns are NULL, and one row of totals a status.
std::string RecentSalesQuery(const SalesTable& table, const LiveQuery& query);

}  // namespace revops::warehouse
