#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::sales {

enum class ColumnType { kNumber, kText, kDecimal, kDate };
enum class ColumnRole { kId, kDate, kAmount, kDimension, kText };

std::string_view ToString(ColumnType type);  ///< "number", "text", "decimal", "date"
std::string_view ToString(ColumnRole role);  ///< "id", "date", "amount", "dimension", "text"
std::optional<ColumnType> ParseColumnType(std::string_view text);
std::optional<ColumnRole> ParseColumnRole(std::string_view text);

struct Column {
  std::string name;  ///< upper case, as in the table
  ColumnType type = ColumnType::kText;
  ColumnRole role = ColumnRole::kText;
  std::size_t length_max = 0;  ///< of a text, in characters; 0: not bounded

  friend bool operator==(const Column&, const Column&) = default;
};

/// Dimensions that a table may have besides the four of FCT_SALES.
inline constexpr std::size_t kFurtherDimensionsMax = 4;

/// Whether a further dimension may have this name: upper-case letters, digits and '_' after a
/// letter, at most 30, and nothing that answers and parameters already use ("FROM", "DEALS",
/// "MONTH", what starts with "NOT_" …).
bool is_further_dimension(std::string_view upper_name);

/// The columns of the sales table in table order. Immutable.
///
/// "Texts" are the columns with the roles dimension and text, in table order; a sale holds their
/// values in that order. "Dimensions" are those texts by which totals are split, in table order.
class Schema {
 public:
  /// The eight columns of FCT_SALES.
  static const Schema& FctSales();

  /// FctSales() with further text dimensions after its columns, and ids that may be texts.
  /// Errors: kInvalidArgument for a name that is_further_dimension does not take, one that is there
  ///         twice, or more than kFurtherDimensionsMax.
  static Result<Schema> ForSales(const std::vector<std::string>& further_dimensions, bool text_ids);

  /// Errors: kInvalidArgument unless there is exactly one id, one date and one amount column, the
  ///         dimensions PRODUCT, REGION, STAGE and STATUS, and no name twice.
  static Result<Schema> Make(std::vector<Column> columns);

  const std::vector<Column>& columns() const { return columns_; }
  /// Index into columns() of each text.
  const std::vector<std::size_t>& texts() const { return texts_; }
  /// Index into texts() of each dimension.
  const std::vector<std::size_t>& dimensions() const { return dimensions_; }

  std::size_t id_column() const { return id_; }
  std::size_t date_column() const { return date_; }
  std::size_t amount_column() const { return amount_; }
  bool has_numeric_ids() const { return columns_[id_].type == ColumnType::kNumber; }

  std::size_t text_count() const { return texts_.size(); }
  std::size_t dimension_count() const { return dimensions_.size(); }
  const Column& text(std::size_t index) const { return columns_[texts_[index]]; }
  const Column& dimension(std::size_t index) const { return text(dimensions_[index]); }
  /// "region" → index into dimensions(); lower case, as in answers and parameters.
  std::optional<std::size_t> FindDimension(std::string_view lower_name) const;
  /// The dimension's name in answers and parameters: "region".
  const std::string& dimension_name(std::size_t index) const { return dimension_names_[index]; }

  std::size_t product_dimension() const { return product_; }
  std::size_t region_dimension() const { return region_; }
  std::size_t stage_dimension() const { return stage_; }
  std::size_t status_dimension() const { return status_; }

  friend bool operator==(const Schema& a, const Schema& b) { return a.columns_ == b.columns_; }

 private:
  explicit Schema(std::vector<Column> columns);

  std::vector<Column> columns_;
  std::vector<std::size_t> texts_;
  std::vector<std::size_t> dimensions_;
  std::vector<std::string> dimension_names_;
  std::size_t id_ = 0;
  std::size_t date_ = 0;
  std::size_t amount_ = 0;
  std::size_t product_ = 0;
  std::size_t region_ = 0;
  std::size_t stage_ = 0;
  std::size_t status_ = 0;
};

}  // namespace revops::sales
