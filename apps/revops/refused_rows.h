#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/table_file.h"
#include "core/mapping/mapped_row.h"

namespace revops::app {

/// Refused rows as CSV that people mend and import again: the file's own columns, then where the
/// row stands and why it is not taken. Nothing is written where no row is refused.
class RefusedRows {
 public:
  using Write = std::function<Result<void>(std::string_view)>;

  RefusedRows(const std::vector<std::string>& columns, Write write);

  Result<void> Add(const foreign::FileRow& row, const mapping::Refusal& refusal);
  /// Writes what is left. Once.
  Result<void> Finish();

 private:
  void AppendField(const std::optional<std::string_view>& value, bool is_first);

  std::vector<std::string> columns_;
  std::vector<bool> is_kept_;  ///< by column: it is the file's own
  Write write_;
  bool has_header_ = false;
  std::string text_;
};

}  // namespace revops::app
