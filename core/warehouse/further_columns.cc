#include "core/warehouse/further_columns.h"

#include <algorithm>

namespace revops::warehouse {
namespace {

bool is_fct_sales_column(std::string_view upper_name) {
  const auto& columns = sales::Schema::FctSales().columns();
  return std::any_of(columns.begin(), columns.end(),
                     [&](const sales::Column& column) { return column.name == upper_name; });
}

/// "OWNER, SEGMENT and REGION2".
std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

std::size_t FurtherColumns::dimension_count() const {
  return std::min(candidates.size(), sales::kFurtherDimensionsMax);
}

FurtherColumns FindFurtherColumns(const std::vector<TableColumn>& columns) {
  FurtherColumns found;
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const TableColumn& column = columns[i];
    const std::string name = ToUpper(column.name);
    const bool is_repeated = std::find(seen.begin(), seen.end(), name) != seen.end();
    seen.push_back(name);
    if (is_fct_sales_column(name) && !is_repeated) continue;
    if (is_repeated) {
      found.left_out.push_back({column.name, "has the name of another column"});
    } else if (!column.is_text) {
      found.left_out.push_back({column.name, "is no text"});
    } else if (!sales::is_further_dimension(name)) {
      found.left_out.push_back({column.name, "has a name that no dimension can have"});
    } else {
      found.candidates.push_back(i);
      if (found.candidates.size() > sales::kFurtherDimensionsMax) {
        found.left_out.push_back({column.name, "comes after " +
                                                   std::to_string(sales::kFurtherDimensionsMax) +
                                                   " others, and there may be no more"});
      }
    }
  }
  return found;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

sales::Column DimensionColumn(std::string_view name) {
  return {ToUpper(name), sales::ColumnType::kText, sales::ColumnRole::kDimension, 0};
}

std::vector<WarehouseFinding> FurtherFindings(const sales::Schema& schema,
                                              const std::vector<LeftOutColumn>& left_out) {
  std::vector<WarehouseFinding> findings;
  std::vector<std::string> names;
  for (const sales::Column& column : schema.columns()) {
    if (!is_fct_sales_column(column.name)) names.push_back(column.name);
  }
  if (!names.empty()) {
    findings.push_back({true, "dimensions", "Totals are also split by " + Listed(names) + "."});
  }
  for (const LeftOutColumn& column : left_out) {
    findings.push_back({true, "column_left_out",
                        "The column " + column.name + " is left alone: it " + column.why + "."});
  }
  return findings;
}

}  // namespace revops::warehouse
