#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "core/sales/sale.h"

/// Rows for this folder's tests.
namespace revops::snapshot {

struct RowValues {
  const char* id;      ///< nullptr: NULL, here and below
  const char* date;    ///< "2026-11-22"
  const char* amount;  ///< "150000"
  const char* product = "Sage 50";
  const char* region = "North";
  const char* stage = "Proposal";
  const char* customer = "Acme Corp";
  const char* status = "Open";
};

sales::Sale MakeSale(const RowValues& values);
/// The eight rows of the sample table, on dates of November 2026.
std::vector<sales::Sale> SampleRows();
/// Rows that are awkward to write and to count: quotes, line ends, empty texts, NULLs, repeated
/// ids, bytes that are not UTF-8.
std::vector<sales::Sale> AwkwardRows();

void SortCanonically(std::vector<sales::Sale>& rows);
/// Any rows in canonical order, most of them alike in one thing or another.
rc::Gen<std::vector<sales::Sale>> AnyRows();

/// Writes all rows in batches of `batch` and passes on the first failure.
Result<void> WriteAll(const std::vector<sales::Sale>& rows, std::size_t batch,
                      sales::SaleSink& sink);

/// Keeps what it receives.
class RowCollector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) rows_.push_back(sales::ToSale(row));
    return {};
  }
  const std::vector<sales::Sale>& rows() const { return rows_; }

 private:
  std::vector<sales::Sale> rows_;
};

}  // namespace revops::snapshot
