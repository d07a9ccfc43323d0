#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::warehouse {

/// A column of a result as the SQL API describes it.
struct ResultColumn {
  std::string name;
  std::string type;  ///< lower case: "fixed", "text", "date" …
  int precision = 0;
  int scale = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ResultColumn&, const ResultColumn&) = default;
};

/// Values of one partition, row by row; nullopt is NULL. Views into the body and this object.
class ResultCells {
 public:
  std::size_t row_count() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  std::size_t column_count() const { return columns_; }
  std::optional<std::string_view> at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }

 private:
  friend class ResultReader;
  std::size_t columns_ = 0;
  std::vector<std::optional<std::string_view>> cells_;
  std::deque<std::string> unescaped_;
};

/// The body of an answer. Views into its bytes, which outlive it.
struct ApiAnswer {
  std::string code;
  std::string sql_state;
  std::string message;
  std::string handle;
  std::string status_url;
  bool has_metadata = false;
  std::uint64_t row_count = 0;
  std::vector<ResultColumn> columns;
  std::vector<std::uint64_t> partition_rows;
  bool has_data = false;
  ResultCells cells;
};

/// Reads what the SQL API answers: ResultSet, QueryStatus, QueryFailureStatus, or the data of one
/// partition alone. Members that are not known are skipped; memory is bounded by the body's size.
/// Errors: kUnavailable for anything that is not such an answer, rows of different lengths or
///         values that are neither text nor null included: a transport broke it.
Result<ApiAnswer> ReadApiAnswer(std::string_view body);

}  // namespace revops::warehouse
