#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"
#include "core/mapping/json_fields.h"
#include "core/mapping/mapping.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

namespace json = boost::json;

void AppendKey(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  AppendJsonString(out, name);
  out += ':';
}

void ReadColumns(JsonFields& fields, Mapping& mapping) {
  for (const auto& [name, value] : fields.Object("columns")) {
    const auto field = ParseField(name);
    if (!field || !(value.is_string() || value.is_null())) {
      fields.Refuse("columns." + std::string(name),
                    field ? "must be a text or null" : "is no column of FCT_SALES");
      return;
    }
    if (value.is_string()) {
      mapping.columns[static_cast<std::size_t>(*field)] = std::string(value.get_string());
    }
  }
}

void ReadDimensions(JsonFields& fields, Mapping& mapping) {
  for (const json::value& item : fields.Array("dimensions")) {
    if (!item.is_object()) return fields.Refuse("dimensions", "must be a list of objects");
    JsonFields of(item.get_object());
    mapping.dimensions.push_back({of.Text("name"), of.Text("column")});
    if (of.problem()) return fields.Refuse("dimensions", "has one whose " + *of.problem());
  }
}

void ReadStatuses(JsonFields& fields, Mapping& mapping) {
  for (const auto& [word, value] : fields.Object("statuses")) {
    const auto status = value.is_string() ? sales::ParseStatus(value.get_string()) : std::nullopt;
    if (!status) {
      return fields.Refuse("statuses." + std::string(word),
                           "must be open, closed, won, lost or unknown");
    }
    mapping.statuses[sales::Fold(sales::Trim(word))] = *status;
  }
}

}  // namespace

std::string ToJson(const Mapping& mapping) {
  std::string out = "{";
  AppendKey(out, "name");
  AppendJsonString(out, mapping.name);
  AppendKey(out, "shape");
  AppendJsonString(out, mapping.shape);
  AppendKey(out, "columns");
  out += '{';
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    AppendKey(out, ToString(static_cast<Field>(i)));
    AppendText(out, mapping.columns[i]);
  }
  out += '}';
  AppendKey(out, "dimensions");
  out += '[';
  for (const MappedDimension& dimension : mapping.dimensions) {
    if (out.back() != '[') out += ',';
    out += "{\"name\":";
    AppendJsonString(out, dimension.name);
    out += ",\"column\":";
    AppendJsonString(out, dimension.column);
    out += '}';
  }
  out += ']';
  AppendKey(out, "text_ids");
  out += mapping.text_ids ? "true" : "false";
  AppendKey(out, "date_order");
  AppendJsonString(out, ToString(mapping.date_order));
  AppendKey(out, "decimal_mark");
  AppendJsonString(out, ToString(mapping.decimal_mark));
  AppendKey(out, "currency");
  AppendText(out, mapping.currency);
  AppendKey(out, "currency_column");
  AppendText(out, mapping.currency_column);
  AppendKey(out, "stages");
  AppendTexts(out, mapping.stages);
  AppendKey(out, "statuses");
  out += '{';
  for (const auto& [word, status] : mapping.statuses) {
    AppendKey(out, word);
    AppendJsonString(out, sales::ToString(status));
  }
  return out + "}}";
}

Result<Mapping> ParseJson(std::string_view text) {
  const auto object = ParseJsonObject(text);
  if (!object) return Fail(ErrorCode::kInvalidArgument, "The mapping is no JSON object.");
  JsonFields fields(*object);
  Mapping mapping;
  mapping.name = fields.Text("name");
  mapping.shape = fields.Text("shape");
  ReadColumns(fields, mapping);
  ReadDimensions(fields, mapping);
  mapping.text_ids = fields.Flag("text_ids");
  const auto order = ParseDateOrder(fields.Text("date_order"));
  if (!order) fields.Refuse("date_order", "must be an order such as day_month_year");
  const auto mark = ParseDecimalMark(fields.Text("decimal_mark"));
  if (!mark) fields.Refuse("decimal_mark", "must be point or comma");
  mapping.date_order = order.value_or(mapping.date_order);
  mapping.decimal_mark = mark.value_or(mapping.decimal_mark);
  mapping.currency = fields.MaybeText("currency");
  mapping.currency_column = fields.MaybeText("currency_column");
  mapping.stages = fields.Texts("stages");
  ReadStatuses(fields, mapping);
  if (fields.problem()) {
    return Fail(ErrorCode::kInvalidArgument, "The mapping's " + *fields.problem() + ".");
  }
  const auto problems = FindProblems(mapping);
  if (problems.empty()) return mapping;
  return Fail(ErrorCode::kInvalidArgument, "The mapping's " + problems.front() + ".");
}

}  // namespace revops::mapping
