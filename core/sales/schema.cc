#include "core/sales/schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/sales/normalize.h"

namespace revops::sales {
namespace {

constexpr std::array<std::pair<ColumnType, std::string_view>, 4> kTypeNames = {{
    {ColumnType::kNumber, "number"},
    {ColumnType::kText, "text"},
    {ColumnType::kDecimal, "decimal"},
    {ColumnType::kDate, "date"},
}};
constexpr std::array<std::pair<ColumnRole, std::string_view>, 5> kRoleNames = {{
    {ColumnRole::kId, "id"},
    {ColumnRole::kDate, "date"},
    {ColumnRole::kAmount, "amount"},
    {ColumnRole::kDimension, "dimension"},
    {ColumnRole::kText, "text"},
}};
constexpr std::array<std::string_view, 4> kNeededDimensions = {"PRODUCT", "REGION", "STAGE",
                                                               "STATUS"};

constexpr std::size_t kDimensionNameMax = 30;
// Besides the columns of FCT_SALES: parameters of the API and of the page's address, members of
// answers, periods by which totals are grouped, columns of the file of refused rows, and what
// engines call a column that no table has.
constexpr std::array<std::string_view, 30> kTakenNames = {
    "FROM",         "TO",      "AS_OF",     "ASOF",    "FORMAT", "Q",          "SORT",
    "LIMIT",        "OFFSET",  "COMPARE",   "PAGE",    "CODE",   "ERROR",      "DEALS",
    "PRICED",       "AVERAGE", "BY_STATUS", "REASONS", "TOTALS", "OPEN_DEALS", "OPEN_AMOUNT",
    "DAY",          "WEEK",    "MONTH",     "QUARTER", "YEAR",   "UNDATED",    "REFUSED_BECAUSE",
    "REFUSED_LINE", "ROWID"};

template <class Enum, std::size_t kSize>
std::string_view NameOf(const std::array<std::pair<Enum, std::string_view>, kSize>& names,
                        Enum value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return "";
}

template <class Enum, std::size_t kSize>
std::optional<Enum> WithName(const std::array<std::pair<Enum, std::string_view>, kSize>& names,
                             std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

bool fits(ColumnType type, ColumnRole role) {
  switch (role) {
    case ColumnRole::kId:
      return type == ColumnType::kNumber || type == ColumnType::kText;
    case ColumnRole::kDate:
      return type == ColumnType::kDate;
    case ColumnRole::kAmount:
      return type == ColumnType::kDecimal;
    case ColumnRole::kDimension:
    case ColumnRole::kText:
      return type == ColumnType::kText;
  }
  return false;
}

Result<void> CheckColumn(const std::vector<Column>& columns, std::size_t index) {
  const Column& column = columns[index];
  const bool is_upper_case = std::none_of(column.name.begin(), column.name.end(),
                                          [](char c) { return c >= 'a' && c <= 'z'; });
  if (column.name.empty() || !is_upper_case) {
    return Fail(ErrorCode::kInvalidArgument, "column names must be upper case and not empty");
  }
  if (!fits(column.type, column.role)) {
    return Fail(ErrorCode::kInvalidArgument,
                "column " + column.name + " has a type that does not fit its role");
  }
  for (std::size_t i = 0; i < index; ++i) {
    if (columns[i].name == column.name) {
      return Fail(ErrorCode::kInvalidArgument, "column " + column.name + " occurs twice");
    }
  }
  return {};
}

Result<void> CheckRoles(const std::vector<Column>& columns) {
  for (const ColumnRole role : {ColumnRole::kId, ColumnRole::kDate, ColumnRole::kAmount}) {
    const auto count = std::count_if(columns.begin(), columns.end(),
                                     [role](const Column& column) { return column.role == role; });
    if (count != 1) {
      return Fail(ErrorCode::kInvalidArgument,
                  "exactly one column must have the role " + std::string(ToString(role)));
    }
  }
  for (const std::string_view name : kNeededDimensions) {
    const bool found = std::any_of(columns.begin(), columns.end(), [name](const Column& column) {
      return column.role == ColumnRole::kDimension && column.name == name;
    });
    if (!found) {
      return Fail(ErrorCode::kInvalidArgument, "dimension " + std::string(name) + " is missing");
    }
  }
  return {};
}

}  // namespace

std::string_view ToString(ColumnType type) { return NameOf(kTypeNames, type); }
std::string_view ToString(ColumnRole role) { return NameOf(kRoleNames, role); }
std::optional<ColumnType> ParseColumnType(std::string_view text) {
  return WithName(kTypeNames, text);
}
std::optional<ColumnRole> ParseColumnRole(std::string_view text) {
  return WithName(kRoleNames, text);
}

bool is_further_dimension(std::string_view upper_name) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (upper_name.empty() || upper_name.size() > kDimensionNameMax ||
      !is_letter(upper_name.front()) || !std::all_of(upper_name.begin(), upper_name.end(), fits) ||
      upper_name.starts_with("NOT_")) {
    return false;
  }
  const std::vector<Column>& columns = Schema::FctSales().columns();
  return std::find(kTakenNames.begin(), kTakenNames.end(), upper_name) == kTakenNames.end() &&
         std::none_of(columns.begin(), columns.end(),
                      [upper_name](const Column& column) { return column.name == upper_name; });
}

const Schema& Schema::FctSales() {
  static const Schema schema({
      {"SALE_ID", ColumnType::kNumber, ColumnRole::kId, 0},
      {"PRODUCT", ColumnType::kText, ColumnRole::kDimension, 50},
      {"REGION", ColumnType::kText, ColumnRole::kDimension, 20},
      {"AMOUNT", ColumnType::kDecimal, ColumnRole::kAmount, 0},
      {"STAGE", ColumnType::kText, ColumnRole::kDimension, 30},
      {"CUSTOMER_NAME", ColumnType::kText, ColumnRole::kText, 100},
      {"SALE_DATE", ColumnType::kDate, ColumnRole::kDate, 0},
      {"STATUS", ColumnType::kText, ColumnRole::kDimension, 20},
  });
  return schema;
}

Result<Schema> Schema::ForSales(const std::vector<std::string>& further_dimensions, bool text_ids) {
  if (further_dimensions.size() > kFurtherDimensionsMax) {
    return Fail(ErrorCode::kInvalidArgument,
                "there may be " + std::to_string(kFurtherDimensionsMax) +
                    " further dimensions, not " + std::to_string(further_dimensions.size()));
  }
  std::vector<Column> columns = FctSales().columns();
  if (text_ids) columns[FctSales().id_column()].type = ColumnType::kText;
  for (const std::string& name : further_dimensions) {
    if (!is_further_dimension(name)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "no further dimension may be named \"" + name + "\"");
    }
    columns.push_back({name, ColumnType::kText, ColumnRole::kDimension, 0});
  }
  return Make(std::move(columns));
}

Result<Schema> Schema::Make(std::vector<Column> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) REVOPS_TRY(CheckColumn(columns, i));
  REVOPS_TRY(CheckRoles(columns));
  return Schema(std::move(columns));
}

Schema::Schema(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    switch (columns_[i].role) {
      case ColumnRole::kId:
        id_ = i;
        break;
      case ColumnRole::kDate:
        date_ = i;
        break;
      case ColumnRole::kAmount:
        amount_ = i;
        break;
      case ColumnRole::kDimension:
        dimensions_.push_back(texts_.size());
        dimension_names_.push_back(Fold(columns_[i].name));
        texts_.push_back(i);
        break;
      case ColumnRole::kText:
        texts_.push_back(i);
        break;
    }
  }
  product_ = FindDimension("product").value_or(0);
  region_ = FindDimension("region").value_or(0);
  stage_ = FindDimension("stage").value_or(0);
  status_ = FindDimension("status").value_or(0);
}

std::optional<std::size_t> Schema::FindDimension(std::string_view lower_name) const {
  const auto found = std::find(dimension_names_.begin(), dimension_names_.end(), lower_name);
  if (found == dimension_names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - dimension_names_.begin());
}

}  // namespace revops::sales
