#include "core/mapping/mapping.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/sha256.h"
#include "core/mapping/refused_columns.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "sale_id", "product", "region", "amount", "stage", "customer_name", "sale_date", "status"};
constexpr std::array<std::string_view, 3> kDateOrders = {"year_month_day", "day_month_year",
                                                         "month_day_year"};
constexpr std::array<std::string_view, 2> kDecimalMarks = {"point", "comma"};

constexpr std::size_t kNameMax = 64;
constexpr std::size_t kShapeDigits = 16;
constexpr std::size_t kColumnBytesMax = 1000;
constexpr std::size_t kWordsMax = 500;
constexpr std::size_t kWordBytesMax = 1000;

template <class Enum, std::size_t kSize>
std::optional<Enum> Parse(const std::array<std::string_view, kSize>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool is_shape(std::string_view text) {
  return text.size() == kShapeDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string FoldedName(std::string_view name) { return sales::Fold(sales::Trim(name)); }

void CheckColumn(const std::string& key, const std::string& column,
                 std::vector<std::string>& problems) {
  if (sales::is_blank(column)) {
    problems.push_back(key + " must name a column of the file");
  } else if (column.size() > kColumnBytesMax) {
    problems.push_back(key + " is longer than 1000 bytes");
  }
}

/// One column of the file is one field, unless a stage tells the status too.
void CheckShared(const Mapping& mapping, std::vector<std::string>& problems) {
  std::map<std::string, std::string> users;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (!mapping.columns[i]) continue;
    const std::string key = "columns." + std::string(kFieldNames[i]);
    CheckColumn(key, *mapping.columns[i], problems);
    const auto [user, is_new] = users.emplace(FoldedName(*mapping.columns[i]), key);
    const bool is_stage_and_status =
        static_cast<Field>(i) == Field::kStatus && user->second == "columns.stage";
    if (!is_new && !is_stage_and_status) {
      problems.push_back(key + " and " + user->second + " name the same column");
    }
  }
  for (const MappedDimension& dimension : mapping.dimensions) {
    const std::string key = "dimensions." + dimension.name;
    CheckColumn(key, dimension.column, problems);
    const auto [user, is_new] = users.emplace(FoldedName(dimension.column), key);
    if (!is_new) problems.push_back(key + " and " + user->second + " name the same column");
  }
}

void CheckDimensions(const Mapping& mapping, std::vector<std::string>& problems) {
  if (mapping.dimensions.size() > sales::kFurtherDimensionsMax) {
    problems.push_back("dimensions are more than " + std::to_string(sales::kFurtherDimensionsMax));
  }
  std::set<std::string> names;
  for (const MappedDimension& dimension : mapping.dimensions) {
    if (!sales::is_further_dimension(dimension.name)) {
      problems.push_back("dimensions may not have the name \"" + dimension.name +
                         "\": use capital letters, digits and _, and none that the table or the "
                         "API uses");
    } else if (!names.insert(dimension.name).second) {
      problems.push_back("dimensions have the name " + dimension.name + " twice");
    }
  }
}

void CheckWords(const Mapping& mapping, std::vector<std::string>& problems) {
  if (mapping.stages.size() > kWordsMax || mapping.statuses.size() > kWordsMax) {
    problems.push_back("stages and statuses are more than " + std::to_string(kWordsMax));
  }
  std::set<std::string> stages;
  for (const std::string& stage : mapping.stages) {
    if (stage.empty() || sales::Trim(stage) != stage || stage.size() > kWordBytesMax) {
      problems.emplace_back("stages must be texts without blanks at their ends");
    } else if (!stages.insert(sales::Fold(stage)).second) {
      problems.push_back("stages name \"" + stage + "\" twice");
    }
  }
  for (const auto& [word, status] : mapping.statuses) {
    if (word.empty() || FoldedName(word) != word || word.size() > kWordBytesMax) {
      problems.push_back("statuses must be in small letters without blanks at their ends, not \"" +
                         word + "\"");
    }
  }
}

void CheckCurrency(const Mapping& mapping, std::vector<std::string>& problems) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (mapping.currency &&
      (mapping.currency->size() != 3 ||
       !std::all_of(mapping.currency->begin(), mapping.currency->end(), is_capital))) {
    problems.emplace_back("currency must be a code of three capital letters such as EUR");
  }
  if (mapping.currency_column) CheckColumn("currency_column", *mapping.currency_column, problems);
}

Result<void> ApplyWords(const Mapping& mapping, std::map<std::string, std::string>& sayers,
                        sales::Definitions& definitions) {
  for (const auto& [word, status] : mapping.statuses) {
    const auto [sayer, is_new] = sayers.emplace(word, mapping.name);
    if (!is_new && definitions.statuses.at(word) != status) {
      return Fail(ErrorCode::kInvalidArgument, "the mappings " + sayer->second + " and " +
                                                   mapping.name + " disagree about the status \"" +
                                                   word + "\": change one of them");
    }
    definitions.statuses[word] = status;
  }
  return {};
}

void AddStages(const std::vector<std::string>& more, std::vector<std::string>& stages) {
  for (const std::string& stage : more) {
    const bool is_there = std::any_of(stages.begin(), stages.end(), [&](const std::string& known) {
      return sales::Fold(known) == sales::Fold(stage);
    });
    if (!is_there) stages.push_back(stage);
  }
}

}  // namespace

std::string_view ToString(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }
std::optional<Field> ParseField(std::string_view text) { return Parse<Field>(kFieldNames, text); }
std::string_view ToString(DateOrder order) { return kDateOrders[static_cast<std::size_t>(order)]; }
std::optional<DateOrder> ParseDateOrder(std::string_view text) {
  return Parse<DateOrder>(kDateOrders, text);
}
std::string_view ToString(DecimalMark mark) {
  return kDecimalMarks[static_cast<std::size_t>(mark)];
}
std::optional<DecimalMark> ParseDecimalMark(std::string_view text) {
  return Parse<DecimalMark>(kDecimalMarks, text);
}

std::string ShapeOf(const std::vector<std::string>& file_columns) {
  std::vector<std::string> names;
  for (const std::string& column : file_columns) {
    if (!is_refused_column(column)) names.push_back(FoldedName(column));
  }
  std::sort(names.begin(), names.end());
  // The length before each name: no two lists give the same text.
  std::string text;
  for (const std::string& name : names) text += std::to_string(name.size()) + ":" + name;
  return Sha256::Hex(text).substr(0, kShapeDigits);
}

std::optional<Mapping> OwnColumns(const std::vector<std::string>& file_columns) {
  Mapping mapping;
  for (const std::string& column : file_columns) {
    if (is_refused_column(column)) continue;
    const auto field = ParseField(FoldedName(column));
    if (!field || mapping.column(*field)) return std::nullopt;
    mapping.columns[static_cast<std::size_t>(*field)] = column;
  }
  if (std::any_of(mapping.columns.begin(), mapping.columns.end(),
                  [](const auto& column) { return !column; })) {
    return std::nullopt;
  }
  mapping.name = kOwnColumnsName;
  mapping.shape = ShapeOf(file_columns);
  return mapping;
}

Result<sales::Schema> SchemaOf(const Mapping& mapping) {
  std::vector<std::string> names;
  for (const MappedDimension& dimension : mapping.dimensions) names.push_back(dimension.name);
  return sales::Schema::ForSales(names, mapping.text_ids);
}

std::vector<std::string> FindProblems(const Mapping& mapping) {
  std::vector<std::string> problems;
  if (!is_name(mapping.name)) {
    problems.emplace_back("name must be 1 to 64 of a-z, 0-9 and -");
  }
  if (!mapping.shape.empty() && !is_shape(mapping.shape)) {
    problems.emplace_back("shape must be the 16 digits that stood there, or be left out");
  }
  CheckShared(mapping, problems);
  CheckDimensions(mapping, problems);
  CheckCurrency(mapping, problems);
  CheckWords(mapping, problems);
  return problems;
}

Result<sales::Definitions> Apply(sales::Definitions definitions,
                                 const std::vector<Mapping>& mappings) {
  std::vector<const Mapping*> ordered;
  for (const Mapping& mapping : mappings) ordered.push_back(&mapping);
  std::sort(ordered.begin(), ordered.end(),
            [](const Mapping* a, const Mapping* b) { return a->name < b->name; });
  std::vector<std::string> stages;
  std::map<std::string, std::string> sayers;
  const Mapping* currency_sayer = nullptr;
  for (const Mapping* mapping : ordered) {
    AddStages(mapping->stages, stages);
    REVOPS_TRY(ApplyWords(*mapping, sayers, definitions));
    if (!mapping->currency) continue;
    if (currency_sayer != nullptr && currency_sayer->currency != mapping->currency) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the mappings " + currency_sayer->name + " and " + mapping->name +
                      " disagree about the currency: change one of them");
    }
    currency_sayer = mapping;
    definitions.currency = mapping->currency;
  }
  if (stages.empty()) return definitions;
  definitions.stages = std::move(stages);
  std::erase_if(definitions.stage_aliases, [&](const auto& alias) {
    return std::find(definitions.stages.begin(), definitions.stages.end(), alias.second) ==
           definitions.stages.end();
  });
  return definitions;
}

}  // namespace revops::mapping
