#include "core/warehouse/warehouse_contract.h"

#include <gtest/gtest.h>

#include "core/warehouse/duckdb/test_database.h"

namespace revops::warehouse {
namespace {

class DuckDbPlace final : public WarehousePlace {
 public:
  DuckDbPlace() : database_(OpenForTest()) {
    REVOPS_CHECK(database_->CreateSalesTable().has_value());
  }

  std::unique_ptr<Warehouse> Open(const sales::Definitions& definitions,
                                  const Clock& clock) override {
    return database_->AsWarehouse(definitions, clock);
  }

  void SetRows(const std::vector<sales::Sale>& rows) override {
    SaleList source(rows);
    REVOPS_CHECK(database_->Import(source, schema_, ImportMode::kReplace, {}).has_value());
  }

  void SetTable(const sales::Schema& schema, const std::vector<sales::Sale>& rows) override {
    schema_ = schema;
    SaleList source(rows);
    REVOPS_CHECK(database_->Import(source, schema, ImportMode::kRestore, {}).has_value());
  }

  void DropTable() override { Run("DROP TABLE FCT_SALES"); }
  void DropColumn(const std::string& column) override {
    Run("ALTER TABLE FCT_SALES DROP COLUMN " + column);
  }
  void RetypeColumn(const std::string& column, const std::string& type) override {
    Run("ALTER TABLE FCT_SALES ALTER " + column + " TYPE " + type + " USING NULL");
    if (column == "SALE_ID") schema_ = *sales::Schema::ForSales({}, type.starts_with("VARCHAR"));
  }

 private:
  void Run(const std::string& statement) { REVOPS_CHECK(Sql(*database_, statement).has_value()); }

  std::unique_ptr<DuckDbDatabase> database_;
  sales::Schema schema_ = sales::Schema::FctSales();  ///< of the rows that are set
};

const WarehouseAdapter kDuckDb = {"DuckDb", [] { return std::make_unique<DuckDbPlace>(); }};

INSTANTIATE_TEST_SUITE_P(Embedded, WarehouseContract, testing::Values(kDuckDb),
                         WarehouseAdapterName);

}  // namespace
}  // namespace revops::warehouse
