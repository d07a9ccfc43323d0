#include "core/sales/sale.h"

namespace revops::sales {
namespace {

/// By `compare`, NULL after everything else.
template <class T, class Compare>
std::strong_ordering CompareNullsLast(const std::optional<T>& a, const std::optional<T>& b,
                                      Compare compare) {
  if (!a || !b) return b.has_value() <=> a.has_value();
  return compare(*a, *b);
}

std::strong_ordering CompareValues(const auto& a, const auto& b) { return a <=> b; }

/// Both without sign and leading zeros.
std::strong_ordering CompareMagnitudes(std::string_view a, std::string_view b) {
  const auto by_length = a.size() <=> b.size();
  return by_length != 0 ? by_length : a <=> b;
}

std::strong_ordering CompareDecimals(std::string_view a, std::string_view b) {
  const bool a_negative = a.starts_with('-');
  const bool b_negative = b.starts_with('-');
  if (a_negative != b_negative) return b_negative <=> a_negative;
  return a_negative ? CompareMagnitudes(b.substr(1), a.substr(1)) : CompareMagnitudes(a, b);
}

}  // namespace

SaleView ToView(const Sale& sale, std::vector<std::optional<std::string_view>>& texts) {
  texts.assign(sale.texts.begin(), sale.texts.end());
  return {sale.id, sale.sold_on, sale.amount, texts, sale.date_unrepresentable};
}

Sale ToSale(const SaleView& view) {
  Sale sale;
  if (view.id) sale.id = std::string(*view.id);
  sale.sold_on = view.sold_on;
  sale.amount = view.amount;
  sale.texts.reserve(view.texts.size());
  for (const auto& text : view.texts) {
    sale.texts.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
  }
  sale.date_unrepresentable = view.date_unrepresentable;
  return sale;
}

std::strong_ordering CompareCanonically(const Schema& schema, const SaleView& a,
                                        const SaleView& b) {
  const auto by_date = CompareNullsLast(a.sold_on, b.sold_on, CompareValues<Date, Date>);
  if (by_date != 0) return by_date;
  const auto by_id = CompareNullsLast(
      a.id, b.id, [&](std::string_view x, std::string_view y) { return CompareIds(schema, x, y); });
  if (by_id != 0) return by_id;
  std::size_t text = 0;
  for (std::size_t i = 0; i < schema.columns().size(); ++i) {
    if (i == schema.id_column() || i == schema.date_column()) continue;
    const auto order = i == schema.amount_column()
                           ? CompareNullsLast(a.amount, b.amount, CompareValues<Money, Money>)
                           : CompareNullsLast(a.texts[text], b.texts[text],
                                              CompareValues<std::string_view, std::string_view>);
    if (order != 0) return order;
    if (i != schema.amount_column()) ++text;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering CompareIds(const Schema& schema, std::string_view a, std::string_view b) {
  return schema.has_numeric_ids() ? CompareDecimals(a, b) : a <=> b;
}

}  // namespace revops::sales
