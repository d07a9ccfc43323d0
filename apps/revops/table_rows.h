#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/table_file.h"
#include "core/mapping/mapped_row.h"
#include "core/mapping/mapping.h"
#include "core/sales/sale.h"

namespace revops::app {

/// The rows of a foreign table under a mapping.
class TableRows {
 public:
  /// `rates`: see MappedRowReader. Errors: kInvalidArgument for columns that the table lacks or
  /// that hold no plain values.
  static Result<TableRows> Make(const foreign::FileDescription& table,
                                const mapping::Mapping& mapping, const mapping::RateTable* rates);

  const sales::Schema& schema() const { return reader_.schema(); }
  /// See MappedRowReader.
  const std::map<std::string, std::uint64_t>& converted() const { return reader_.converted(); }

  /// Rows without a single value are none, but in a table of FCT_SALES's own columns.
  bool is_left_out(const foreign::FileRow& row) const;

  /// Why the row is refused; nullopt: `sale` holds it.
  std::optional<mapping::Refusal> Read(const foreign::FileRow& row, sales::Sale& sale);

 private:
  TableRows(const foreign::FileDescription& table, mapping::MappedRowReader reader,
            bool keeps_empty)
      : table_(&table), reader_(std::move(reader)), keeps_empty_(keeps_empty) {}

  const foreign::FileDescription* table_;
  mapping::MappedRowReader reader_;
  bool keeps_empty_;
  std::vector<std::optional<std::string_view>> values_;
};

}  // namespace revops::app
