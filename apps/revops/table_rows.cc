#include "apps/revops/table_rows.h"

#include <algorithm>

#include "core/sales/normalize.h"

namespace revops::app {

Result<TableRows> TableRows::Make(const foreign::FileDescription& table,
                                  const mapping::Mapping& mapping,
                                  const mapping::RateTable* rates) {
  REVOPS_TRY_ASSIGN(auto reader, mapping::MappedRowReader::Make(mapping, table.columns, rates));
  for (const std::size_t column : reader.file_columns()) {
    if (table.column_faults[column].empty()) continue;
    return Fail(ErrorCode::kInvalidArgument,
                "the column " + table.columns[column] + " " + table.column_faults[column]);
  }
  const bool keeps_empty = mapping.name == mapping::kOwnColumnsName;
  return TableRows(table, std::move(reader), keeps_empty);
}

bool TableRows::is_left_out(const foreign::FileRow& row) const {
  return !keeps_empty_ && row.fault.empty() &&
         std::all_of(row.values.begin(), row.values.end(),
                     [](const auto& value) { return !value || sales::is_blank(*value); });
}

std::optional<mapping::Refusal> TableRows::Read(const foreign::FileRow& row, sales::Sale& sale) {
  if (!row.fault.empty()) return mapping::Refusal{"", std::string(row.fault)};
  const auto& columns = reader_.file_columns();
  for (const std::size_t misfit : row.misfits) {
    if (!std::binary_search(columns.begin(), columns.end(), misfit)) continue;
    return mapping::Refusal{table_->columns[misfit], "is an object or a list, not a plain value"};
  }
  values_.clear();
  for (const std::size_t column : columns) values_.push_back(row.values[column]);
  return reader_.Read(values_, sale);
}

}  // namespace revops::app
