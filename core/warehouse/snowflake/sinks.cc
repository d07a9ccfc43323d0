#include "core/warehouse/snowflake/sinks.h"

#include <utility>

namespace revops::warehouse {

Unexpected UnexpectedResult(const std::string& what) {
  return Fail(ErrorCode::kUnavailable, "Snowflake: an unexpected result: " + what,
              "snowflake:result");
}

Result<void> OneRow::Begin(const std::vector<ResultColumn>& columns) {
  if (columns.size() != width_) return UnexpectedResult("other columns");
  return {};
}

Result<void> OneRow::Take(const ResultCells& cells) {
  for (std::size_t row = 0; row < cells.row_count(); ++row) {
    if (row_) return UnexpectedResult("more than one row");
    row_.emplace();
    for (std::size_t i = 0; i < width_; ++i) {
      const auto cell = cells.at(row, i);
      row_->push_back(cell ? std::optional<std::string>(*cell) : std::nullopt);
    }
  }
  return {};
}

Result<std::vector<std::optional<std::string>>> OneRow::row() && {
  if (!row_) return UnexpectedResult("no row");
  return *std::move(row_);
}

}  // namespace revops::warehouse
