#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/sales/definitions.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

/// A table in memory, for tests. Every Edit gives a new change token.
class FakeWarehouse final : public warehouse::Warehouse {
 public:
  /// How often the warehouse was asked, and for how much.
  struct Calls {
    int begins = 0;
    int digests = 0;
    int row_reads = 0;
    int aggregates = 0;
    std::uint64_t rows = 0;  ///< handed over
  };

  explicit FakeWarehouse(const Clock& clock) : clock_(clock) {}

  void Edit(const std::function<void(std::vector<sales::Sale>&)>& change) {
    change(rows_);
    ++version_;
  }
  const std::vector<sales::Sale>& rows() const { return rows_; }
  int version() const { return version_; }

  sales::Schema schema = sales::Schema::FctSales();
  std::optional<std::string> origin;
  sales::Definitions definitions;  ///< for pushed-down totals
  bool has_tokens = true;
  bool keeps_history = true;  ///< else a read ends with the next Edit
  std::string algorithm = "sum-1";
  std::size_t batch_size = 3;
  bool loses_a_row = false;  ///< hands over one row less than it counts
  /// Called when a read begins, after its rows are settled, and at each batch.
  std::function<void()> on_begin = [] {};
  std::function<void()> on_batch = [] {};
  Calls calls;

  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token stop) override;
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery& query) override;
  Result<warehouse::WarehouseReport> Examine() override;

 private:
  const Clock& clock_;
  std::vector<sales::Sale> rows_;
  int version_ = 1;
};

/// A warehouse one of whose calls fails, for tests. BeginRead and the reads are counted from 1.
class FaultyWarehouse final : public warehouse::Warehouse {
 public:
  explicit FaultyWarehouse(warehouse::Warehouse& beneath) : beneath_(beneath) {}

  /// The n-th call does nothing and fails with kUnavailable.
  void FailCall(int n) { failing_call_ = n; }
  /// Row reads break after their n-th batch.
  void BreakAfterBatch(int n) { last_batch_ = n; }
  int calls() const { return calls_; }

  Result<void> CountCall();
  Result<void> CountBatch(int batch) const;

  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token stop) override;
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery& query) override;
  Result<warehouse::WarehouseReport> Examine() override;

 private:
  warehouse::Warehouse& beneath_;
  int calls_ = 0;
  int failing_call_ = 0;
  int last_batch_ = -1;
};

}  // namespace revops::processor
