#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/warehouse/snowflake/client.h"

namespace revops::warehouse {

/// Keeps the columns and the one row that the statement gives.
class OneRow final : public ResultSink {
 public:
  explicit OneRow(std::size_t columns) : width_(columns) {}

  Result<void> Begin(const std::vector<ResultColumn>& columns) override;
  Result<void> Take(const ResultCells& cells) override;

  /// Errors: kUnavailable without a row.
  Result<std::vector<std::optional<std::string>>> row() &&;

 private:
  const std::size_t width_;
  std::optional<std::vector<std::optional<std::string>>> row_;
};

/// Keeps the columns of a result without rows.
class ColumnsOnly final : public ResultSink {
 public:
  std::vector<ResultColumn> columns;

  Result<void> Begin(const std::vector<ResultColumn>& found) override {
    columns = found;
    return {};
  }
  Result<void> Take(const ResultCells& /*cells*/) override { return {}; }
};

/// A result whose shape is not the one that was asked for.
Unexpected UnexpectedResult(const std::string& what);

}  // namespace revops::warehouse
