#include "core/mapping/total_rows.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/mapping/text_pieces.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

/// A row below one other always has "the sum of all above" when the two are equal.
constexpr std::uint64_t kRowsMin = 2;

constexpr std::array<std::string_view, 17> kTotals = {
    "total",         "totals",         "grand total",   "grand totals",  "subtotal",
    "sub-total",     "subtotals",      "sum",           "summe",         "gesamt",
    "total general", "gesamtsumme",    "zwischensumme", "total général", "sous-total",
    "totale",        "totale generale"};

/// "Total", "Total:", "Grand Totals (123 records)".
bool is_total(const std::optional<std::string>& text) {
  if (!text) return false;
  std::string_view word = *text;
  if (const auto at = word.find('('); at != std::string_view::npos) word = word.substr(0, at);
  word = TrimBlanks(word);
  while (word.ends_with(':')) word = TrimBlanks(word.substr(0, word.size() - 1));
  return std::find(kTotals.begin(), kTotals.end(), sales::Fold(word)) != kTotals.end();
}

bool is_described(const sales::Schema& schema, const sales::Sale& row) {
  const auto is_filled = [&](std::size_t dimension) {
    const auto& text = row.texts[schema.dimensions()[dimension]];
    return text && !text->empty();
  };
  return row.sold_on || is_filled(schema.stage_dimension()) || is_filled(schema.status_dimension());
}

}  // namespace

std::optional<std::string> TotalRows::Check(const sales::Schema& schema,
                                            const sales::Sale& row) const {
  if (described_ == 0 || is_described(schema, row)) return std::nullopt;
  if (is_total(row.id) || std::any_of(row.texts.begin(), row.texts.end(), is_total)) {
    return "is that of a total, not of a deal: leave the row out";
  }
  const bool is_sum =
      described_ >= kRowsMin && row.amount && sum_ != Money() && *row.amount == sum_;
  if (!is_sum) return std::nullopt;
  return "is the sum of the rows above, not that of a deal: leave the row out";
}

void TotalRows::Add(const sales::Schema& schema, const sales::Sale& row) {
  if (row.amount) sum_ += *row.amount;
  if (is_described(schema, row)) ++described_;
}

}  // namespace revops::mapping
