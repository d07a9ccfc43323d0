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

/// What rows are sorted by.
struct SaleOrder {
  enum class Key { kDate, kAmount, kText };

  Key key = Key::kDate;
  std::size_t text = 0;  ///< index into the schema's texts; for kText
  bool descending = true;
};

/// Which rows are wanted, in which order, and how many of them from the start.
struct SaleQuestion {
  sales::Filter filter;
  std::string text;  ///< folded; in the id or a text that is no dimension. Empty: any row
  SaleOrder order;
  std::size_t rows_max = 0;
};

/// Keeps the first rows of the order among those that pass; memory does not grow with their number.
///
/// By date, descending: SALE_DATE descending, SALE_ID descending, then canonical order; ascending:
/// canonical order. By amount or a text: A to Z count as a to z; equal ones newest first. What is
/// missing (NULL, and texts of blanks alone) comes last in either direction.
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
  std::strong_ordering CompareKeys(const sales::Sale& a, const sales::Sale& b) const;
  std::strong_ordering CompareNewest(const sales::Sale& a, const sales::Sale& b) const;

  const SaleQuestion& question_;
  const sales::Schema& schema_;
  sales::Normalizer normalizer_;
  std::vector<sales::Sale> kept_;  ///< a heap, the last of the order on top
};

}  // namespace revops::api
