#include <utility>

// Its assertions would end the process at a key that the parser itself refuses a moment later.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include "core/base/logging.h"
#include "core/mapping/mapping.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::string_view kHeader =
    "# How files of one shape become rows of FCT_SALES, and what their words mean.\n"
    "#   columns     our column = the file's column; leave one out where the file has nothing like "
    "it\n"
    "#   dimensions  up to four further columns by which totals are split\n"
    "#   date_order  year_month_day, day_month_year or month_day_year; decimal_mark: point or "
    "comma\n"
    "#   stages      in their order; statuses: a word = open, closed, won, lost or unknown\n"
    "# A change of stages, statuses or currency counts from the next refresh on, of all rows.\n";

/// Keys of one table; every one that does not fit is told.
class Reader {
 public:
  Reader(const toml::table& table, std::string prefix, std::vector<std::string>& problems)
      : table_(table), prefix_(std::move(prefix)), problems_(problems) {}

  std::optional<std::string> MaybeText(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return std::nullopt;
    if (node->is_string()) return node->as_string()->get();
    Refuse(key, "must be a text");
    return std::nullopt;
  }

  bool Flag(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) Refuse(key, "must be true or false");
    return node->is_boolean() && node->as_boolean()->get();
  }

  std::vector<std::string> Texts(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return {};
    std::vector<std::string> texts;
    const toml::array* array = node->as_array();
    if (array == nullptr || (!array->empty() && !array->is_homogeneous<std::string>())) {
      Refuse(key, "must be a list of texts");
      return {};
    }
    for (const auto& item : *array) texts.push_back(item.as_string()->get());
    return texts;
  }

  /// Names and texts of a table, in the order of the file.
  std::vector<std::pair<std::string, std::string>> Table(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> members;
    const toml::node* node = Take(key);
    if (node == nullptr) return members;
    if (!node->is_table()) {
      Refuse(key, "must be a table");
      return members;
    }
    for (const auto& [name, value] : *node->as_table()) {
      if (value.is_string()) {
        members.emplace_back(std::string(name.str()), value.as_string()->get());
      } else {
        Refuse(std::string(key) + "." + std::string(name.str()), "must be a text");
      }
    }
    return members;
  }

  void Refuse(std::string_view key, std::string_view what) {
    problems_.push_back(prefix_ + std::string(key) + " " + std::string(what));
  }

  /// A key that somebody else reads.
  void Known(std::string_view key) { taken_.emplace_back(key); }

  void RefuseRest() {
    for (const auto& [name, value] : table_) {
      bool is_known = false;
      for (const std::string& taken : taken_) is_known = is_known || taken == name.str();
      if (!is_known) Refuse(name.str(), "is no key of a mapping");
    }
  }

 private:
  const toml::node* Take(std::string_view key) {
    taken_.emplace_back(key);
    return table_.get(key);
  }

  const toml::table& table_;
  std::string prefix_;
  std::vector<std::string>& problems_;
  std::vector<std::string> taken_;
};

void ReadColumns(Reader& reader, Mapping& mapping) {
  for (auto& [name, column] : reader.Table("columns")) {
    const auto field = ParseField(name);
    if (!field) {
      reader.Refuse("columns." + name, "is no column of FCT_SALES");
      continue;
    }
    mapping.columns[static_cast<std::size_t>(*field)] = std::move(column);
  }
}

void ReadStatuses(Reader& reader, Mapping& mapping) {
  for (const auto& [word, meaning] : reader.Table("statuses")) {
    const auto status = sales::ParseStatus(meaning);
    if (!status) {
      reader.Refuse("statuses.\"" + word + "\"", "must be open, closed, won, lost or unknown");
      continue;
    }
    mapping.statuses[sales::Fold(sales::Trim(word))] = *status;
  }
}

/// toml::parse throws where it is compiled with exceptions.
std::optional<toml::table> ParseTable(std::string_view text, std::string& problem) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    problem = std::string(error.description()) + " (line " +
              std::to_string(error.source().begin.line) + ")";
    return std::nullopt;
  }
}

/// A basic string: JSON's escapes are TOML's as well, but for DEL, which TOML does not allow.
std::string Quoted(std::string_view text) {
  std::string quoted;
  AppendJsonString(quoted, text);
  for (auto at = quoted.find('\x7F'); at != std::string::npos; at = quoted.find('\x7F')) {
    quoted.replace(at, 1, "\\u007F");
  }
  return quoted;
}

std::string List(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ", ") + item;
  return "[" + list + "]";
}

void AppendSetting(std::string& out, std::string_view key, std::string_view value) {
  out += std::string(key) + " = " + std::string(value) + "\n";
}

}  // namespace

std::string ToToml(const Mapping& mapping) {
  std::string out(kHeader);
  if (!mapping.shape.empty()) {
    AppendSetting(out, "shape", Quoted(mapping.shape));
    AppendSetting(out, "text_ids", mapping.text_ids ? "true" : "false");
    AppendSetting(out, "date_order", Quoted(ToString(mapping.date_order)));
    AppendSetting(out, "decimal_mark", Quoted(ToString(mapping.decimal_mark)));
    if (mapping.currency_column) {
      AppendSetting(out, "currency_column", Quoted(*mapping.currency_column));
    }
    // A list, since tables do not keep their order, and that of dimensions is the table's.
    std::vector<std::string> pairs;
    for (const MappedDimension& dimension : mapping.dimensions) {
      pairs.push_back("[" + Quoted(dimension.name) + ", " + Quoted(dimension.column) + "]");
    }
    AppendSetting(out, "dimensions", List(pairs));
  }
  if (mapping.currency) AppendSetting(out, "currency", Quoted(*mapping.currency));
  std::vector<std::string> stages;
  for (const std::string& stage : mapping.stages) stages.push_back(Quoted(stage));
  AppendSetting(out, "stages", List(stages));
  if (!mapping.shape.empty()) {
    out += "\n[columns]\n";
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      if (!mapping.columns[i]) continue;
      AppendSetting(out, ToString(static_cast<Field>(i)), Quoted(*mapping.columns[i]));
    }
  }
  out += "\n[statuses]\n";
  for (const auto& [word, status] : mapping.statuses) {
    AppendSetting(out, Quoted(word), Quoted(sales::ToString(status)));
  }
  return out;
}

Result<Mapping> ParseToml(std::string_view text, std::string_view name) {
  const std::string file = "mappings/" + std::string(name) + ".toml";
  std::string problem;
  const auto table = ParseTable(text, problem);
  if (!table) return Fail(ErrorCode::kInvalidArgument, file + " is no TOML: " + problem);
  std::vector<std::string> problems;
  Reader reader(*table, "", problems);
  Mapping mapping;
  mapping.name = name;
  mapping.shape = reader.MaybeText("shape").value_or("");
  ReadColumns(reader, mapping);
  if (const toml::node* node = table->get("dimensions")) {
    const toml::array* list = node->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const toml::array* pair = list->get(i)->as_array();
      if (pair == nullptr || pair->size() != 2 || !pair->is_homogeneous<std::string>()) {
        reader.Refuse("dimensions", "must be pairs such as [\"OWNER\", \"Opportunity Owner\"]");
        break;
      }
      mapping.dimensions.push_back(
          {pair->get(0)->as_string()->get(), pair->get(1)->as_string()->get()});
    }
    if (list == nullptr) reader.Refuse("dimensions", "must be a list");
  }
  mapping.text_ids = reader.Flag("text_ids");
  if (const auto order = reader.MaybeText("date_order")) {
    const auto parsed = ParseDateOrder(*order);
    if (!parsed) reader.Refuse("date_order", "must be an order such as day_month_year");
    mapping.date_order = parsed.value_or(mapping.date_order);
  }
  if (const auto mark = reader.MaybeText("decimal_mark")) {
    const auto parsed = ParseDecimalMark(*mark);
    if (!parsed) reader.Refuse("decimal_mark", "must be point or comma");
    mapping.decimal_mark = parsed.value_or(mapping.decimal_mark);
  }
  mapping.currency = reader.MaybeText("currency");
  mapping.currency_column = reader.MaybeText("currency_column");
  mapping.stages = reader.Texts("stages");
  ReadStatuses(reader, mapping);
  reader.Known("dimensions");
  reader.RefuseRest();
  for (std::string& found : FindProblems(mapping)) problems.push_back(std::move(found));
  if (problems.empty()) return mapping;
  std::string all;
  for (const std::string& one : problems) all += (all.empty() ? "" : "; ") + one;
  return Fail(ErrorCode::kInvalidArgument, file + ": " + all);
}

}  // namespace revops::mapping
