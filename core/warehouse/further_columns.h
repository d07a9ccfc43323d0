#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/sales/schema.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// A column of FCT_SALES as its engine describes it.
struct TableColumn {
  std::string name;  ///< as it stands in the table
  bool is_text = false;
};

/// A column that plays no part, and why: "is no text".
struct LeftOutColumn {
  std::string name;
  std::string why;
};

/// The columns of the table besides the eight of FCT_SALES.
struct FurtherColumns {
  /// Index of each text column whose upper-case name sales::is_further_dimension takes, in table
  /// order. The first sales::kFurtherDimensionsMax of them are dimensions.
  std::vector<std::size_t> candidates;
  std::vector<LeftOutColumn> left_out;

  std::size_t dimension_count() const;
};

FurtherColumns FindFurtherColumns(const std::vector<TableColumn>& columns);

/// "owner" → "OWNER"; letters A–Z alone.
std::string ToUpper(std::string_view text);

/// The further dimension that a column of this name is.
sales::Column DimensionColumn(std::string_view name);

/// What `doctor` says of them; nothing where there are none.
std::vector<WarehouseFinding> FurtherFindings(const sales::Schema& schema,
                                              const std::vector<LeftOutColumn>& left_out);

}  // namespace revops::warehouse
