#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/sales/sale.h"
#include "core/warehouse/duckdb/duckdb_database.h"

namespace revops::warehouse {

/// A folder that goes away with the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "revops-duckdb-XXXXXX").string();
    REVOPS_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Keeps every row it is given.
class SaleCollector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> batch) override {
    for (const sales::SaleView& row : batch) rows.push_back(ToSale(row));
    return {};
  }

  std::vector<sales::Sale> rows;
};

/// Hands over given rows in batches.
class SaleList final : public SaleSource {
 public:
  explicit SaleList(std::vector<sales::Sale> rows) : rows_(std::move(rows)) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    for (const sales::Sale& row : rows_) {
      std::vector<std::optional<std::string_view>> texts;
      const sales::SaleView view = ToView(row, texts);
      REVOPS_TRY(sink.Write({&view, 1}));
    }
    return {};
  }

 private:
  std::vector<sales::Sale> rows_;
};

inline std::unique_ptr<DuckDbDatabase> OpenForTest(const std::filesystem::path& file = {},
                                                   const std::string& zone = "UTC") {
  auto database = DuckDbDatabase::Open({file, zone, 2, std::size_t{1} << 28U});
  REVOPS_CHECK(database.has_value());
  return *std::move(database);
}

inline Result<SqlTable> Sql(DuckDbDatabase& database, const std::string& statement) {
  return database.Execute(statement, 1000, Clock::SteadyTime::max(), {});
}

}  // namespace revops::warehouse
