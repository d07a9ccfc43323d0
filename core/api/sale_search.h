#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/sales/filter.h"
#include "core/sales/normalize.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::api {

enum class SaleOrder { kNewest, kOldest, kLargest, kSmallest };

/// Which rows are wanted, in which order, and how many of them from the start.
struct SaleQuestion {
  sales::Filter filter;
  std::string text;  ///< folded; in the id or a text that is no dimension. Empty: any row
  SaleOrder order = SaleOrder::kNewest;
  std::size_t rows_max = 0;
};

/// Keeps the first rows of the order among those that pass; memory does not grow with their number.
///
/// Newest: SALE_DATE descending, SALE_ID descending, then canonical order; oldest: canonical order;
/// largest and smallest: by amount, then newest. NULL last in each.
class SaleSearch final : public sales::SaleSink {
 public:
  /// Both outlive it.
  SaleSearch(const SaleQuestion& question, const sales::Schema& schema,
             const sales::Definitions& definitions);

  Result<void> Write(std::span<const sales::SaleView> rows) override;

  bool is_full() const { return kept_.size() == question_.rows_max; }
  /// In order. Once.
  std::vector<sales::Sale> Take();

 private:
  bool Passes(const sales::SaleView& row);
  bool has_text(const sales::SaleView& row) const;
  std::strong_ordering Compare(const sales::Sale& a, const sales::Sale& b) const;
  std::strong_ordering CompareNewest(const sales::Sale& a, const sales::Sale& b) const;

  const SaleQuestion& question_;
  const sales::Schema& schema_;
  sales::Normalizer normalizer_;
  std::vector<sales::Sale> kept_;  ///< a heap, the last of the order on top
};

}  // namespace revops::api
