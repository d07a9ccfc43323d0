#include "core/warehouse/snowflake/result_set.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "core/sales/normalize.h"

namespace revops::warehouse {

/// The handler of Boost.JSON's event parser. `path_` names the containers that are open; everything
/// below a name that is not known counts as skipped.
class ResultReader {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the parser's names.
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  // NOLINTEND(readability-identifier-naming)

  using Error = boost::json::error_code;

  explicit ResultReader(std::string_view body) : body_(body) {}

  ApiAnswer answer;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }

  bool on_object_begin(Error& error) {
    if (skipped_ > 0) return Skip();
    switch (place_) {
      case Place::kStart:
        return Enter(Place::kAnswer);
      case Place::kAnswer:
        if (key_ == "data") return Refuse(error);
        if (key_ != "resultSetMetaData") return Skip();
        if (std::exchange(answer.has_metadata, true)) return Refuse(error);
        return Enter(Place::kMetadata);
      case Place::kColumns:
        answer.columns.emplace_back();
        return Enter(Place::kColumn);
      case Place::kPartitions:
        answer.partition_rows.push_back(0);
        return Enter(Place::kPartition);
      case Place::kRows:
      case Place::kRow:
        return Refuse(error);
      default:
        return Skip();
    }
  }

  bool on_object_end(std::size_t, Error&) { return Leave(); }

  bool on_array_begin(Error& error) {
    if (skipped_ > 0) return Skip();
    switch (place_) {
      case Place::kStart:
        answer.has_data = true;
        return Enter(Place::kRows);
      case Place::kAnswer:
        if (key_ != "data") return Skip();
        if (answer.has_data) return Refuse(error);
        answer.has_data = true;
        return Enter(Place::kRows);
      case Place::kMetadata:
        if (key_ == "rowType") return EnterOnce(has_columns_, Place::kColumns, error);
        if (key_ == "partitionInfo") return EnterOnce(has_partitions_, Place::kPartitions, error);
        return Skip();
      case Place::kRows:
        row_start_ = answer.cells.cells_.size();
        return Enter(Place::kRow);
      case Place::kRow:
      case Place::kColumns:
      case Place::kPartitions:
        return Refuse(error);
      default:
        return Skip();
    }
  }

  bool on_array_end(std::size_t, Error& error) {
    if (skipped_ == 0 && place_ == Place::kRow && !EndRow()) return Refuse(error);
    return Leave();
  }

  bool on_key_part(boost::json::string_view part, std::size_t, Error&) {
    key_part_ += std::string_view(part.data(), part.size());
    return true;
  }
  bool on_key(boost::json::string_view part, std::size_t, Error&) {
    key_ = std::exchange(key_part_, {});
    key_ += std::string_view(part.data(), part.size());
    return true;
  }

  bool on_string_part(boost::json::string_view part, std::size_t, Error&) {
    text_ += std::string_view(part.data(), part.size());
    in_parts_ = true;
    return true;
  }
  bool on_string(boost::json::string_view part, std::size_t, Error& error) {
    const std::string_view last(part.data(), part.size());
    if (skipped_ > 0) return EndText();
    if (!takes_values()) return Refuse(error);
    if (place_ == Place::kRow) {
      TakeCell(last);
      return EndText();
    }
    text_ += last;
    TakeText(text_);
    return EndText();
  }

  bool on_number_part(boost::json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t value, boost::json::string_view, Error& error) {
    return value < 0 ? TakeNoCount(error) : TakeCount(static_cast<std::uint64_t>(value), error);
  }
  bool on_uint64(std::uint64_t value, boost::json::string_view, Error& error) {
    return TakeCount(value, error);
  }
  bool on_double(double, boost::json::string_view, Error& error) { return TakeNoCount(error); }
  bool on_bool(bool, Error& error) { return TakeNoCount(error); }
  bool on_null(Error& error) {
    if (skipped_ > 0) return true;
    if (!takes_values()) return Refuse(error);
    if (place_ == Place::kRow) answer.cells.cells_.emplace_back();
    return true;
  }

  bool on_comment_part(boost::json::string_view, Error&) { return true; }
  bool on_comment(boost::json::string_view, Error&) { return true; }

 private:
  enum class Place {
    kStart,
    kAnswer,
    kMetadata,
    kColumns,
    kColumn,
    kPartitions,
    kPartition,
    kRows,
    kRow,
  };

  bool Enter(Place place) {
    outer_.push_back(std::exchange(place_, place));
    return true;
  }
  bool EnterOnce(bool& entered, Place place, Error& error) {
    return std::exchange(entered, true) ? Refuse(error) : Enter(place);
  }
  bool Skip() {
    ++skipped_;
    return true;
  }
  bool Leave() {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    place_ = outer_.back();
    outer_.pop_back();
    return true;
  }
  static bool Refuse(Error& error) {
    error = boost::json::error::syntax;
    return false;
  }
  bool EndText() {
    text_.clear();
    in_parts_ = false;
    return true;
  }

  /// Elsewhere there are containers alone.
  bool takes_values() const {
    return place_ == Place::kAnswer || place_ == Place::kMetadata || place_ == Place::kColumn ||
           place_ == Place::kPartition || place_ == Place::kRow;
  }

  bool EndRow() {
    ResultCells& cells = answer.cells;
    const std::size_t width = cells.cells_.size() - row_start_;
    if (cells.columns_ == 0) cells.columns_ = width;
    return width > 0 && width == cells.columns_;
  }

  /// A text without escapes is a view into the body.
  void TakeCell(std::string_view last) {
    const std::less_equal<> not_after;
    const bool in_body = not_after(body_.data(), last.data()) &&
                         not_after(last.data() + last.size(), body_.data() + body_.size());
    if (!in_parts_ && in_body) {
      answer.cells.cells_.emplace_back(last);
      return;
    }
    text_ += last;
    answer.cells.unescaped_.push_back(text_);
    answer.cells.cells_.emplace_back(answer.cells.unescaped_.back());
  }

  void TakeText(const std::string& text) {
    if (place_ == Place::kColumn) {
      if (key_ == "name") answer.columns.back().name = text;
      if (key_ == "type") answer.columns.back().type = sales::Fold(text);
    }
    if (place_ != Place::kAnswer) return;
    if (key_ == "code") answer.code = text;
    if (key_ == "sqlState") answer.sql_state = text;
    if (key_ == "message") answer.message = text;
    if (key_ == "statementHandle") answer.handle = text;
    if (key_ == "statementStatusUrl") answer.status_url = text;
  }

  bool TakeCount(std::uint64_t value, Error& error) {
    if (skipped_ > 0) return true;
    if (place_ == Place::kRow || !takes_values()) return Refuse(error);
    if (place_ == Place::kMetadata && key_ == "numRows") answer.row_count = value;
    if (place_ == Place::kPartition && key_ == "rowCount") answer.partition_rows.back() = value;
    if (place_ != Place::kColumn) return true;
    ResultColumn& column = answer.columns.back();
    if (key_ == "precision") column.precision = ToInt(value);
    if (key_ == "scale") column.scale = ToInt(value);
    if (key_ == "length") column.length = value;
    return true;
  }

  /// A value that is neither text nor a count: an error where a count is wanted.
  bool TakeNoCount(Error& error) const {
    if (skipped_ > 0) return true;
    const bool is_count = (place_ == Place::kMetadata && key_ == "numRows") ||
                          (place_ == Place::kPartition && key_ == "rowCount") ||
                          (place_ == Place::kColumn && key_ == "scale");
    return (takes_values() && place_ != Place::kRow && !is_count) || Refuse(error);
  }

  static int ToInt(std::uint64_t value) {
    constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
    return static_cast<int>(std::min(value, kMost));
  }

  const std::string_view body_;
  Place place_ = Place::kStart;
  std::vector<Place> outer_;
  bool has_columns_ = false;
  bool has_partitions_ = false;
  std::size_t skipped_ = 0;  ///< containers that are open below something unknown
  std::string key_;
  std::string key_part_;
  std::string text_;
  bool in_parts_ = false;
  std::size_t row_start_ = 0;
};

Result<ApiAnswer> ReadApiAnswer(std::string_view body) {
  boost::json::basic_parser<ResultReader> parser({}, body);
  boost::json::error_code error;
  const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
  const bool is_whole = !error && parser.done() && read == body.size();
  if (!is_whole) {
    return Fail(ErrorCode::kUnavailable, "Snowflake: the answer is no JSON of the SQL API",
                "snowflake:answer");
  }
  return std::move(parser.handler().answer);
}

}  // namespace revops::warehouse
