#include "core/api/sale_json.h"

#include <optional>
#include <string_view>

#include "core/api/json.h"
#include "core/sales/normalize.h"

namespace revops::api {
namespace {

std::optional<std::string_view> TextOf(const sales::Sale& sale, std::size_t index) {
  if (index >= sale.texts.size() || !sale.texts[index]) return std::nullopt;
  return *sale.texts[index];
}

}  // namespace

void AppendSale(std::string& out, const sales::Sale& sale, const sales::Schema& schema) {
  out += '{';
  std::size_t text = 0;
  for (const sales::Column& column : schema.columns()) {
    const std::string name = sales::Fold(column.name);
    switch (column.role) {
      case sales::ColumnRole::kId:
        AppendText(out, name, sale.id);
        break;
      case sales::ColumnRole::kDate:
        AppendDate(out, name, sale.sold_on);
        break;
      case sales::ColumnRole::kAmount:
        AppendText(out, name, sale.amount ? std::optional(sale.amount->ToString()) : std::nullopt);
        break;
      case sales::ColumnRole::kDimension:
      case sales::ColumnRole::kText:
        AppendText(out, name, TextOf(sale, text++));
        break;
    }
  }
  out += '}';
}

}  // namespace revops::api
