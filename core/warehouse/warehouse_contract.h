#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/clock.h"
#include "core/sales/definitions.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// A database with an empty FCT_SALES, made for one test and gone with it. Its functions do what
/// other programs do to the table; each is one committed change. They abort when they fail.
class WarehousePlace {
 public:
  virtual ~WarehousePlace() = default;
  /// Outlived by the place, the definitions' copy and the clock.
  virtual std::unique_ptr<Warehouse> Open(const sales::Definitions& definitions,
                                          const Clock& clock) = 0;
  /// These rows take the place of all that were there.
  virtual void SetRows(const std::vector<sales::Sale>& rows) = 0;
  /// The same in a table that has the schema's columns from now on.
  virtual void SetTable(const sales::Schema& schema, const std::vector<sales::Sale>& rows) = 0;
  virtual void DropTable() = 0;
  virtual void DropColumn(const std::string& column) = 0;
  /// `type` is DOUBLE, TIMESTAMP or VARCHAR(10); the column's values are lost.
  virtual void RetypeColumn(const std::string& column, const std::string& type) = 0;
};

/// An adapter as the suite sees it.
struct WarehouseAdapter {
  /// Letters and digits alone: part of the test's name.
  std::string name;
  std::function<std::unique_ptr<WarehousePlace>()> make_place;
};

/// Tests every sentence of warehouse.h. An adapter's test instantiates it:
///
///   INSTANTIATE_TEST_SUITE_P(DuckDb, WarehouseContract, testing::Values(adapter),
///                            WarehouseAdapterName);
class WarehouseContract : public testing::TestWithParam<WarehouseAdapter> {
 protected:
  void SetUp() override;

  std::unique_ptr<WarehouseRead> MustBeginRead();
  /// All rows of a new read.
  std::vector<sales::Sale> MustRead(const DaySelection& days);
  DayDigests MustDigest();
  /// Of the window that ends with `today_`.
  RecentSales MustReadRecent(std::uint64_t rows_max);
  void ReopenWith(const sales::Definitions& definitions);

  FakeClock clock_{Instant(std::chrono::milliseconds(1'795'312'800'000))};  // 2026-11-22T02:00Z
  Date today_ = Date::FromDays(20'779);
  std::unique_ptr<WarehousePlace> place_;
  std::unique_ptr<Warehouse> warehouse_;
};

/// Names the instances; using it also links the suite in.
std::string WarehouseAdapterName(const testing::TestParamInfo<WarehouseAdapter>& info);

}  // namespace revops::warehouse
