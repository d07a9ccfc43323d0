#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/mapping/mapping.h"
#include "core/mapping/rates.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::mapping {

/// Why a row of a foreign file is not taken.
struct Refusal {
  std::string column;  ///< of the table: "AMOUNT"
  std::string reason;
};

/// Reads the texts of a foreign file as its mapping says, and holds them to the types and lengths
/// of the sales table, which the embedded engine does not enforce by itself.
class MappedRowReader {
 public:
  /// `rates`: nullptr, or where amounts of other currencies than the mapping's are turned into it.
  /// Errors: kInvalidArgument naming the columns that the mapping wants and the file lacks.
  static Result<MappedRowReader> Make(const Mapping& mapping,
                                      const std::vector<std::string>& file_columns,
                                      const RateTable* rates);

  const sales::Schema& schema() const { return schema_; }
  /// The columns of the file that are read, ascending.
  const std::vector<std::size_t>& file_columns() const { return file_columns_; }

  /// `values` by file_columns(). Returns why the row is refused, the first column's reason and then
  /// those of others; nullopt: `row` holds it.
  std::optional<Refusal> Read(std::span<const std::optional<std::string_view>> values,
                              sales::Sale& row) const;

 private:
  Mapping mapping_;
  sales::Schema schema_;
  std::vector<std::size_t> file_columns_;
  const RateTable* rates_ = nullptr;
};

}  // namespace revops::mapping
