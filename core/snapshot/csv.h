#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.h"
#include "core/base/money.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::snapshot {

/// Canonical CSV, contracts/snapshot-format.md: NULL is an empty field; a text is quoted only if it
/// is empty or holds a comma, a quote, CR or LF; rows end with LF.

/// Amounts have 18 digits at most: sums over 2^40 rows stay within what a cube may hold.
inline constexpr Int128 kAmountCentsMax = 999'999'999'999'999'999;

/// Appends a value that is not NULL.
void AppendCsvField(std::string& out, std::string_view text);

/// Appends rows column by column in table order.
class CsvRowWriter {
 public:
  explicit CsvRowWriter(const sales::Schema& schema);

  void AppendRow(std::string& out, const sales::SaleView& row);

 private:
  enum class Source { kId, kDate, kAmount, kText };

  void AppendDate(std::string& out, Date date);

  std::vector<Source> columns_;
  std::optional<Date> date_;  ///< whose text `date_text_` is: rows of one date are neighbours
  std::string date_text_;
};

/// The header line with its LF.
std::string CsvHeader(const sales::Schema& schema);

struct CsvField {
  std::optional<std::string_view> value;  ///< nullopt: NULL
  bool ends_row = false;
};

/// Takes one field and its separator off the front of `rest`. A value is a view into `rest` or,
/// when it holds quotes, into a string added to `unescaped`.
/// nullopt when the field is not written as AppendCsvField would write it.
std::optional<CsvField> TakeCsvField(std::string_view& rest, std::deque<std::string>& unescaped);

/// Whether `text` is an integer in shortest decimal.
bool is_shortest_decimal(std::string_view text);

/// Whether `text` is what numeric ids are: an integer in shortest decimal of at most 38 digits.
bool is_numeric_id(std::string_view text);

bool is_amount_in_range(Money amount);

}  // namespace revops::snapshot
