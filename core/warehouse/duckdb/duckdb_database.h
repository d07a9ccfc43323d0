#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/sales/origin.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

struct DuckDbConfig {
  std::filesystem::path file;     ///< created when missing; empty: in memory (tests)
  std::string time_zone = "UTC";  ///< for CURRENT_DATE in statements of people
  std::size_t threads = 2;
  std::size_t memory_bytes_max = std::size_t{1} << 30U;
};

/// A statement's result as text; NULL is nullopt.
struct SqlTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  bool truncated = false;                     ///< more rows than `rows_max`
  std::optional<std::uint64_t> rows_changed;  ///< by INSERT, UPDATE, DELETE
};

enum class ImportMode {
  kAppend,   ///< rows are added
  kReplace,  ///< rows take the place of all that were there
  kUpsert,   ///< rows whose id occurs among the new ones are deleted first
  kRestore,  ///< as kReplace, and the table has the schema's columns in its order afterwards
};

/// Hands over rows one batch after the other until it is spent.
class SaleSource {
 public:
  virtual ~SaleSource() = default;
  virtual Result<void> ReadAll(sales::SaleSink& sink) = 0;
  /// Whose rows these are (core/sales/origin.h): what the table says once it holds no others.
  /// nullopt: it says nothing then.
  virtual std::optional<std::string> origin() const { return std::string(sales::kOwnRows); }
};

/// The embedded warehouse's file: one process at a time has it open. External access, extension
/// installation and autoloading are off and the configuration is locked. Thread-safe.
class DuckDbDatabase {
 public:
  /// Errors: kUnavailable when another process has the file open, kCorrupt when it is damaged
  ///         (both say what to do), kResourceExhausted without room on the disk.
  static Result<std::unique_ptr<DuckDbDatabase>> Open(const DuckDbConfig& config);
  ~DuckDbDatabase();

  /// FCT_SALES with the columns of contracts/fct_sales.sql, unless it is there.
  Result<void> CreateSalesTable();

  /// One statement, autocommit.
  /// Errors: kInvalidArgument with the engine's message for a statement that does not work or is
  ///         not one statement; kTimeout past the deadline; kCancelled after a stop.
  Result<SqlTable> Execute(std::string_view statement, std::uint64_t rows_max,
                           Clock::SteadyTime deadline, std::stop_token stop);

  /// All rows of `source`, which are of `schema`, in one transaction: wholly there afterwards, or
  /// not at all. The same transaction creates FCT_SALES when it is missing, adds the further
  /// dimensions that it lacks, and makes SALE_ID a text for a schema of text ids. Dimensions of the
  /// table that the schema lacks are NULL in the new rows; kReplace drops them where there would
  /// be too many, kRestore always. Columns that play no part are kept.
  /// Errors: kInvalidArgument, which says what to do, for a table that cannot take the schema.
  /// Returns the number of rows taken.
  Result<std::uint64_t> Import(SaleSource& source, const sales::Schema& schema, ImportMode mode,
                               std::stop_token stop);

  /// A whole, openable copy of the database file as it stands now, while others read and write.
  Result<void> CopyTo(const std::filesystem::path& file);

  /// The database as a warehouse; it must not outlive the database.
  std::unique_ptr<Warehouse> AsWarehouse(const sales::Definitions& definitions, const Clock& clock);

 private:
  struct Impl;
  explicit DuckDbDatabase(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// "1.5.6", of the library that is loaded.
std::string DuckDbVersion();

}  // namespace revops::warehouse
