#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/xlsx_parts.h"

namespace revops::foreign {

/// What cells refer to.
struct SheetContext {
  const SharedTexts& texts;
  const CellStyles& styles;
  bool counts_from_1904 = false;
};

/// What a reading came across.
struct SheetNotes {
  std::uint64_t hidden_rows = 0;
  std::uint64_t error_cells = 0;
  std::uint64_t formulas_without_value = 0;
  std::uint64_t merged_ranges = 0;  ///< that reach below the row that names the columns
  std::string first_merged;         ///< "B2:B5"
  std::string mixed_currencies;     ///< "$ and €", that numbers of one column are shown with
};

struct SheetRow {
  std::uint64_t number = 0;  ///< counted from 1, as the program shows it
  /// By column of the sheet; as many as there are up to the last cell.
  std::span<const std::optional<std::string_view>> values;
};

/// Gives the rows that the sheet has, until `receive` returns false; the row's texts are valid
/// during the call. `header_row`: above and at it merged cells do no harm.
Result<SheetNotes> ReadSheet(ZipArchive& archive, const std::string& member,
                             const SheetContext& context, std::uint64_t header_row,
                             const std::function<Result<bool>(const SheetRow&)>& receive);

}  // namespace revops::foreign
