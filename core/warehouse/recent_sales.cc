#include "core/warehouse/recent_sales.h"

#include <algorithm>

namespace revops::warehouse {

void SortNewestFirst(const sales::Schema& schema, std::vector<sales::Sale>& rows) {
  std::vector<std::optional<std::string_view>> texts_a;
  std::vector<std::optional<std::string_view>> texts_b;
  std::stable_sort(rows.begin(), rows.end(), [&](const sales::Sale& a, const sales::Sale& b) {
    if (a.sold_on != b.sold_on) return a.sold_on > b.sold_on;
    if (a.id.has_value() != b.id.has_value()) return a.id.has_value();
    if (a.id != b.id) return sales::CompareIds(schema, *a.id, *b.id) > 0;
    return sales::CompareCanonically(schema, ToView(a, texts_a), ToView(b, texts_b)) < 0;
  });
}

void AddStatus(std::optional<std::string_view> raw_status, const cube::Tally& tally,
               const sales::Schema& schema, sales::Normalizer& normalizer,
               cube::StatusTotals& totals) {
  const auto label = normalizer.Label(schema.status_dimension(), raw_status);
  const auto status = label ? sales::ParseStatus(*label) : std::nullopt;
  totals[status.value_or(sales::Status::kUnknown)] += tally;
}

}  // namespace revops::warehouse
