#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/sales/schema.h"

namespace revops::mapping {

/// The columns of FCT_SALES, in table order.
enum class Field { kId, kProduct, kRegion, kAmount, kStage, kCustomer, kDate, kStatus };
inline constexpr std::size_t kFieldCount = 8;

/// "sale_id" … "status": the table's names in lower case.
std::string_view ToString(Field field);
std::optional<Field> ParseField(std::string_view text);

/// How the parts of a date follow each other. ISO 8601 dates and names of months can be told by
/// themselves and are read under any of them.
enum class DateOrder { kYearMonthDay, kDayMonthYear, kMonthDayYear };
/// "year_month_day", "day_month_year", "month_day_year".
std::string_view ToString(DateOrder order);
std::optional<DateOrder> ParseDateOrder(std::string_view text);

enum class DecimalMark { kPoint, kComma };
/// "point", "comma".
std::string_view ToString(DecimalMark mark);
std::optional<DecimalMark> ParseDecimalMark(std::string_view text);

/// A further dimension of the table and the file's column that it comes from.
struct MappedDimension {
  std::string name;    ///< upper case: "OWNER"
  std::string column;  ///< as the file has it: "Opportunity Owner"

  friend bool operator==(const MappedDimension&, const MappedDimension&) = default;
};

/// What turns a file of any column names into rows of FCT_SALES, and what its words mean. One of
/// them is one file, mappings/<name>.toml.
struct Mapping {
  std::string name;   ///< [a-z0-9-], 1 to 64 of them
  std::string shape;  ///< ShapeOf the files that it is for; empty: it only says what words mean
  /// By Field: the file's column; nullopt: NULL in every row. Two fields may share a column: a
  /// stage that tells the status too.
  std::array<std::optional<std::string>, kFieldCount> columns;
  std::vector<MappedDimension> dimensions;  ///< up to sales::kFurtherDimensionsMax
  bool text_ids = false;
  DateOrder date_order = DateOrder::kYearMonthDay;
  DecimalMark decimal_mark = DecimalMark::kPoint;
  std::optional<std::string> currency;            ///< ISO 4217, of all amounts
  std::optional<std::string> currency_column;     ///< where each row names its own
  std::vector<std::string> stages;                ///< in their order; empty: as configured
  std::map<std::string, sales::Status> statuses;  ///< folded STATUS → status

  const std::optional<std::string>& column(Field field) const {
    return columns[static_cast<std::size_t>(field)];
  }
  friend bool operator==(const Mapping&, const Mapping&) = default;
};

/// Fingerprint of a file's column names: 16 hex digits; their order and case do not matter.
std::string ShapeOf(const std::vector<std::string>& file_columns);

/// The mapping of a file that has the columns of FCT_SALES under their own names (in any case and
/// order), as `revops import` has always taken them: strict about lengths, dates and numbers;
/// nullopt when it has not exactly these.
std::optional<Mapping> OwnColumns(const std::vector<std::string>& file_columns);
inline constexpr std::string_view kOwnColumnsName = "fct-sales";

/// The columns of the table that rows of this mapping need.
Result<sales::Schema> SchemaOf(const Mapping& mapping);

/// What readers and people could not use, a sentence each, naming the key.
std::vector<std::string> FindProblems(const Mapping& mapping);

/// The file's text. Hand-edited ones keep their meaning, not their comments.
std::string ToToml(const Mapping& mapping);
/// Errors: kInvalidArgument naming every bad key at once; `name` is the file's without ".toml".
Result<Mapping> ParseToml(std::string_view text, std::string_view name);

/// The same as the API writes and takes it: one JSON object.
std::string ToJson(const Mapping& mapping);
/// Errors: kInvalidArgument naming what is wrong.
Result<Mapping> ParseJson(std::string_view text);

/// The definitions in force: the configured ones with what the mappings say, in order of their
/// names. Stages follow each other as the mappings list them; a word's status, a currency may be
/// said by several only if they agree.
/// Errors: kInvalidArgument naming two mappings that disagree, and about what.
Result<sales::Definitions> Apply(sales::Definitions definitions,
                                 const std::vector<Mapping>& mappings);

}  // namespace revops::mapping
