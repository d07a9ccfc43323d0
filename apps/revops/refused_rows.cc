#include "apps/revops/refused_rows.h"

#include <utility>

#include "core/foreign/csv_records.h"
#include "core/mapping/refused_columns.h"

namespace revops::app {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 18U;

}  // namespace

RefusedRows::RefusedRows(const std::vector<std::string>& columns, Write write)
    : columns_(columns), write_(std::move(write)) {
  for (const std::string& name : columns) {
    is_kept_.push_back(!mapping::is_refused_column(name));
  }
}

void RefusedRows::AppendField(const std::optional<std::string_view>& value, bool is_first) {
  if (!is_first) text_.push_back(',');
  const std::size_t begin = text_.size();
  foreign::AppendCsvField(text_, value);
  // A NUL, which Parquet and JSON can hold, would make the file no text.
  for (auto at = text_.find('\0', begin); at != std::string::npos; at = text_.find('\0', at)) {
    text_.replace(at, 1, "\xEF\xBF\xBD");
  }
}

Result<void> RefusedRows::Add(const foreign::FileRow& row, const mapping::Refusal& refusal) {
  if (!std::exchange(has_header_, true)) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (is_kept_[i]) AppendField(columns_[i], text_.empty());
    }
    AppendField("REFUSED_LINE", text_.empty());
    AppendField("REFUSED_BECAUSE", false);
    text_.push_back('\n');
  }
  bool is_first = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (is_kept_[i]) AppendField(row.values[i], std::exchange(is_first, false));
  }
  AppendField(std::to_string(row.number), is_first);
  const std::string because = (refusal.column.empty() ? "" : refusal.column + " ") + refusal.reason;
  AppendField(because, false);
  text_.push_back('\n');
  if (text_.size() < kPieceBytes) return {};
  REVOPS_TRY(write_(text_));
  text_.clear();
  return {};
}

Result<void> RefusedRows::Finish() { return text_.empty() ? Result<void>() : write_(text_); }

}  // namespace revops::app
