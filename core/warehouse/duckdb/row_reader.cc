#include "core/warehouse/duckdb/row_reader.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "core/base/check.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {
namespace {

duckdb_type StoredType(duckdb_vector vector) {
  duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
  duckdb_type type = duckdb_get_type_id(logical);
  if (type == DUCKDB_TYPE_DECIMAL) type = duckdb_decimal_internal_type(logical);
  duckdb_destroy_logical_type(&logical);
  return type;
}

Int128 ToInt128(const duckdb_hugeint& value) {
  return (static_cast<Int128>(value.upper) << 64) | static_cast<Int128>(value.lower);
}

/// The shortest decimal in `buffer`, which has room for every 128-bit number.
std::string_view WriteDecimal(Int128 value, std::span<char> buffer) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max()) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   static_cast<std::int64_t>(value));
    return {buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())};
  }
  const std::string text = ToDecimal(value);
  std::copy(text.begin(), text.end(), buffer.begin());
  return {buffer.data(), text.size()};
}

}  // namespace

ColumnView::ColumnView(const Chunk& chunk, std::size_t index)
    : data_(duckdb_vector_get_data(chunk.column(index))),
      validity_(duckdb_vector_get_validity(chunk.column(index))),
      type_(StoredType(chunk.column(index))) {}

std::string_view ColumnView::text(std::size_t row) const {
  auto* value = &static_cast<duckdb_string_t*>(data_)[row];
  return {duckdb_string_t_data(value), duckdb_string_t_length(*value)};
}

Int128 ColumnView::integer(std::size_t row) const {
  switch (type_) {
    case DUCKDB_TYPE_SMALLINT:
      return at<std::int16_t>(row);
    case DUCKDB_TYPE_INTEGER:
      return at<std::int32_t>(row);
    case DUCKDB_TYPE_BIGINT:
      return at<std::int64_t>(row);
    default:
      REVOPS_CHECK(type_ == DUCKDB_TYPE_HUGEINT);
      return ToInt128(at<duckdb_hugeint>(row));
  }
}

std::optional<Date> ReadDate(const ColumnView& column, std::size_t row) {
  if (column.is_null(row)) return std::nullopt;
  const Date date = Date::FromDays(column.at<duckdb_date>(row).days);
  return kRepresentableDays.contains(date) ? std::optional(date) : std::nullopt;
}

RowReader::RowReader(const sales::Schema& schema)
    : schema_(schema),
      views_(duckdb_vector_size()),
      texts_(duckdb_vector_size() * schema.text_count()),
      ids_(duckdb_vector_size()) {
  const std::span<const std::optional<std::string_view>> texts(texts_);
  for (std::size_t row = 0; row < views_.size(); ++row) {
    views_[row].texts = texts.subspan(row * schema.text_count(), schema.text_count());
  }
}

std::span<const sales::SaleView> RowReader::Read(const Chunk& chunk) {
  const std::size_t rows = chunk.size();
  REVOPS_CHECK(rows <= views_.size());
  std::size_t text = 0;
  for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
    const ColumnView column(chunk, i);
    if (i == schema_.id_column()) {
      ReadIds(column, rows);
    } else if (i == schema_.date_column()) {
      ReadDates(column, rows);
    } else if (i == schema_.amount_column()) {
      ReadAmounts(column, rows);
    } else {
      ReadTexts(column, text++, rows);
    }
  }
  return std::span<const sales::SaleView>(views_).first(rows);
}

void RowReader::ReadIds(const ColumnView& column, std::size_t rows) {
  const bool is_numeric = schema_.has_numeric_ids();
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.is_null(row)) {
      views_[row].id = std::nullopt;
    } else {
      views_[row].id = is_numeric ? WriteDecimal(column.integer(row), ids_[row]) : column.text(row);
    }
  }
}

void RowReader::ReadDates(const ColumnView& column, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    views_[row].sold_on = ReadDate(column, row);
    views_[row].date_unrepresentable = !views_[row].sold_on && !column.is_null(row);
  }
}

void RowReader::ReadAmounts(const ColumnView& column, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    views_[row].amount =
        column.is_null(row) ? std::nullopt : std::optional(Money::FromCents(column.integer(row)));
  }
}

void RowReader::ReadTexts(const ColumnView& column, std::size_t text, std::size_t rows) {
  const std::size_t stride = schema_.text_count();
  for (std::size_t row = 0; row < rows; ++row) {
    texts_[row * stride + text] =
        column.is_null(row) ? std::nullopt : std::optional(column.text(row));
  }
}

}  // namespace revops::warehouse
