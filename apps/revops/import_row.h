#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::app {

/// Why a row of a foreign file is not taken.
struct Refusal {
  std::string column;
  std::string reason;
};

/// Holds texts of a foreign file to the types and lengths of the sales table, which DuckDB does not
/// enforce by itself.
class ImportRowReader {
 public:
  /// Errors: kInvalidArgument naming the columns that are missing, unknown or there twice.
  static Result<ImportRowReader> Make(const sales::Schema& schema,
                                      const std::vector<std::string>& file_columns);

  /// By column of the schema: its index in the file.
  const std::vector<std::size_t>& file_columns() const { return file_columns_; }

  /// `values` by column of the schema. An empty id, date or amount is NULL; an empty text is kept.
  /// Returns why the row is refused, the first column's reason and then those of others; nullopt:
  /// `row` holds it.
  std::optional<Refusal> Read(std::span<const std::optional<std::string_view>> values,
                              sales::Sale& row) const;

 private:
  ImportRowReader(const sales::Schema& schema, std::vector<std::size_t> file_columns)
      : schema_(schema), file_columns_(std::move(file_columns)) {}

  std::optional<std::string> ReadColumn(std::size_t column, std::string_view text,
                                        sales::Sale& row) const;

  sales::Schema schema_;
  std::vector<std::size_t> file_columns_;
};

}  // namespace revops::app
