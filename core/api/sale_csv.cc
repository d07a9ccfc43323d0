#include "core/api/sale_csv.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/api/csv.h"
#include "core/sales/normalize.h"

namespace revops::api {
namespace {

std::optional<std::string_view> TextOf(const sales::Sale& sale, std::size_t index) {
  if (index >= sale.texts.size()) return std::nullopt;
  const auto& text = sale.texts[index];
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

void AppendSale(CsvWriter& csv, const sales::Sale& sale, const sales::Schema& schema) {
  std::size_t text = 0;
  for (const sales::Column& column : schema.columns()) {
    switch (column.role) {
      case sales::ColumnRole::kId:
        schema.has_numeric_ids() ? csv.Digits(sale.id) : csv.Text(sale.id);
        break;
      case sales::ColumnRole::kDate:
        csv.Day(sale.sold_on);
        break;
      case sales::ColumnRole::kAmount:
        csv.Amount(sale.amount);
        break;
      case sales::ColumnRole::kDimension:
      case sales::ColumnRole::kText:
        csv.Text(TextOf(sale, text++));
        break;
    }
  }
  csv.EndRow();
}

}  // namespace

std::string SalesCsv(std::span<const sales::Sale> rows, const sales::Schema& schema, bool raw) {
  CsvWriter csv(raw);
  for (const sales::Column& column : schema.columns()) csv.Text(sales::Fold(column.name));
  csv.EndRow();
  for (const sales::Sale& sale : rows) AppendSale(csv, sale, schema);
  return std::move(csv).Finish();
}

}  // namespace revops::api
