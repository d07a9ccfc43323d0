#include "core/warehouse/snowflake/type_map.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "core/sales/normalize.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {
namespace {

constexpr std::string_view kFixed = "fixed";
constexpr std::string_view kText = "text";
constexpr std::string_view kDate = "date";
constexpr std::size_t kDecimals = 9;
constexpr std::int64_t kLastSecond = 253'402'300'799;  ///< of the year 9999

const ResultColumn* FindByName(const std::vector<ResultColumn>& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const ResultColumn& column) {
    return sales::Fold(column.name) == sales::Fold(name);
  });
  return found == columns.end() ? nullptr : &*found;
}

std::string_view WantedType(sales::ColumnRole role) {
  switch (role) {
    case sales::ColumnRole::kId:
      return "DECIMAL(38,0), an integer type or VARCHAR";
    case sales::ColumnRole::kDate:
      return "DATE";
    case sales::ColumnRole::kAmount:
      return "DECIMAL(12,2)";
    case sales::ColumnRole::kDimension:
    case sales::ColumnRole::kText:
      break;
  }
  return "VARCHAR";
}

bool has_type(const ResultColumn& column, sales::ColumnRole role) {
  switch (role) {
    case sales::ColumnRole::kId:
      return column.type == kText || (column.type == kFixed && column.scale == 0);
    case sales::ColumnRole::kDate:
      return column.type == kDate;
    case sales::ColumnRole::kAmount:
      return column.type == kFixed && column.scale <= 2;
    case sales::ColumnRole::kDimension:
    case sales::ColumnRole::kText:
      break;
  }
  return column.type == kText;
}

std::string_view TypeOf(const sales::Column& column) {
  switch (column.type) {
    case sales::ColumnType::kNumber:
    case sales::ColumnType::kDecimal:
      return kFixed;
    case sales::ColumnType::kDate:
      return kDate;
    case sales::ColumnType::kText:
      break;
  }
  return kText;
}

Unexpected BadValue(const std::string& column) {
  return Fail(ErrorCode::kUnavailable,
              "Snowflake: a value of " + column + " is not of the column's type",
              "snowflake:result");
}

bool SetDate(sales::SaleView& view, std::string_view cell) {
  const auto days = DecodeDays(cell);
  if (!days) return false;
  const Date date = Date::FromDays(*days);
  view.date_unrepresentable = !date.is_representable();
  if (date.is_representable()) view.sold_on = date;
  return true;
}

/// Sets what is no text; false for a value that the column's type cannot have.
bool SetValue(sales::SaleView& view, const sales::Column& column, std::string_view cell) {
  if (column.role == sales::ColumnRole::kDate) return SetDate(view, cell);
  if (column.role == sales::ColumnRole::kAmount) {
    view.amount = DecodeMoney(cell);
    return view.amount.has_value();
  }
  view.id = cell;
  return column.type == sales::ColumnType::kText || DecodeInteger(cell).has_value();
}

bool are_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Adds the columns by which totals are split besides those of FCT_SALES.
std::vector<LeftOutColumn> AddFurtherDimensions(const std::vector<ResultColumn>& found,
                                                std::vector<sales::Column>& columns,
                                                std::vector<std::string>& names) {
  std::vector<TableColumn> described;
  for (const ResultColumn& column : found) described.push_back({column.name, column.type == kText});
  FurtherColumns further = FindFurtherColumns(described);
  for (std::size_t i = 0; i < further.dimension_count(); ++i) {
    const std::string& name = found[further.candidates[i]].name;
    columns.push_back(DimensionColumn(name));
    names.push_back(QuotedName(name));
  }
  return std::move(further.left_out);
}

}  // namespace

Result<SnowflakeTable> ToSalesTable(const std::vector<ResultColumn>& found) {
  std::vector<sales::Column> columns = sales::Schema::FctSales().columns();
  std::vector<std::string> names;
  for (sales::Column& column : columns) {
    const ResultColumn* match = FindByName(found, column.name);
    const std::string wanted(WantedType(column.role));
    if (match == nullptr) {
      return Fail(ErrorCode::kInvalidArgument,
                  "FCT_SALES has no column " + column.name + ". Add it as " + wanted + ".");
    }
    if (!has_type(*match, column.role)) {
      return Fail(ErrorCode::kInvalidArgument, "The column " + column.name +
                                                   " of FCT_SALES has a type that does not fit. "
                                                   "Change it to " +
                                                   wanted + ".");
    }
    if (match->type == kText) column.type = sales::ColumnType::kText;
    names.push_back(QuotedName(match->name));
  }
  std::vector<LeftOutColumn> left_out = AddFurtherDimensions(found, columns, names);
  REVOPS_TRY_ASSIGN(sales::Schema schema, sales::Schema::Make(std::move(columns)));
  return SnowflakeTable{std::move(schema), std::move(names), std::move(left_out)};
}

bool fits(const SnowflakeTable& table, const std::vector<ResultColumn>& columns) {
  const auto& wanted = table.schema.columns();
  if (columns.size() < wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (columns[i].type != TypeOf(wanted[i])) return false;
    if (columns[i].type == kFixed && !has_type(columns[i], wanted[i].role)) return false;
  }
  return true;
}

std::optional<std::int32_t> DecodeDays(std::string_view text) {
  std::int32_t days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return days;
}

std::optional<Int128> DecodeInteger(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool is_shortest = !digits.starts_with('0') || text == "0";
  return is_shortest ? ParseDecimal(text) : std::nullopt;
}

std::optional<Money> DecodeMoney(std::string_view text) { return Money::Parse(text); }

std::optional<ServerInstant> DecodeInstant(std::string_view text) {
  std::string_view whole = text.substr(0, text.find('.'));
  std::string fraction;
  if (whole.size() < text.size()) {
    fraction = text.substr(whole.size() + 1);
    if (!are_digits(fraction)) return std::nullopt;
  } else if (text.size() > 14) {
    // The documentation has one example in whole nanoseconds.
    whole = text.substr(0, text.size() - kDecimals);
    fraction = text.substr(whole.size());
  }
  // Before 1970 the fraction's sign is not documented; no server's clock stands there.
  if (fraction.size() > kDecimals || !are_digits(whole) || !are_digits(fraction + "0")) {
    return std::nullopt;
  }
  fraction.append(kDecimals - fraction.size(), '0');
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (parsed.ec != std::errc() || seconds > kLastSecond) return std::nullopt;
  ServerInstant instant;
  instant.at = Instant(std::chrono::seconds(seconds) +
                       std::chrono::milliseconds(std::stoi(fraction.substr(0, 3))));
  std::string civil = ToString(Instant(std::chrono::seconds(seconds))).substr(0, 19);
  civil[10] = ' ';
  instant.literal = civil + "." + fraction + " +0000";
  return instant;
}

Result<std::span<const sales::SaleView>> SaleReader::Read(const ResultCells& cells) {
  const std::size_t rows = cells.row_count();
  views_.assign(rows, {});
  texts_.assign(rows * schema_.text_count(), std::nullopt);
  for (std::size_t row = 0; row < rows; ++row) REVOPS_TRY(ReadRow(cells, row));
  return std::span<const sales::SaleView>(views_);
}

Result<void> SaleReader::ReadRow(const ResultCells& cells, std::size_t row) {
  sales::SaleView& view = views_[row];
  const std::span<std::optional<std::string_view>> texts(texts_.data() + row * schema_.text_count(),
                                                         schema_.text_count());
  view.texts = texts;
  std::size_t text = 0;
  for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
    const sales::Column& column = schema_.columns()[i];
    const std::optional<std::string_view> cell = cells.at(row, i);
    const bool is_text =
        column.role == sales::ColumnRole::kDimension || column.role == sales::ColumnRole::kText;
    if (is_text) {
      texts[text++] = cell;
    } else if (cell && !SetValue(view, column, *cell)) {
      return BadValue(column.name);
    }
  }
  return {};
}

}  // namespace revops::warehouse
