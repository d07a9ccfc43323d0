#include "core/mapping/mapping_json.h"

#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

void ReadColumns(const JsonValue& value, Mapping& mapping) {
  for (const auto& [name, column] : value.Map("columns")) {
    const auto field = ParseField(name);
    if (!field) return value.Refuse("names \"" + name + "\", which is no column of FCT_SALES");
    mapping.columns[static_cast<std::size_t>(*field)] = column.AsMaybeText();
  }
}

void ReadStatuses(const JsonValue& value, Mapping& mapping) {
  for (const auto& [word, text] : value.Map("statuses")) {
    const auto status = sales::ParseStatus(text.AsText());
    if (!status) {
      return value.Refuse("says of the status \"" + word +
                          "\" neither open, closed, won, lost nor unknown");
    }
    mapping.statuses[sales::Fold(sales::Trim(word))] = *status;
  }
}

}  // namespace

void WriteMapping(JsonWriter& json, const Mapping& mapping) {
  json.Begin('{');
  json.Key("name").Text(mapping.name);
  json.Key("shape").Text(mapping.shape);
  json.Key("columns").Begin('{');
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    json.Key(ToString(static_cast<Field>(i))).Text(mapping.columns[i]);
  }
  json.End('}');
  json.Key("dimensions").Begin('[');
  for (const MappedDimension& dimension : mapping.dimensions) {
    json.Begin('{');
    json.Key("name").Text(dimension.name);
    json.Key("column").Text(dimension.column);
    json.End('}');
  }
  json.End(']');
  json.Key("text_ids").Bool(mapping.text_ids);
  json.Key("date_order").Text(ToString(mapping.date_order));
  json.Key("decimal_mark").Text(ToString(mapping.decimal_mark));
  json.Key("currency").Text(mapping.currency);
  json.Key("currency_column").Text(mapping.currency_column);
  json.Key("stages").Texts(mapping.stages);
  json.Key("statuses").Begin('{');
  for (const auto& [word, status] : mapping.statuses) {
    json.Key(word).Text(sales::ToString(status));
  }
  json.End('}');
  json.End('}');
}

Mapping ReadMapping(const JsonValue& value) {
  Mapping mapping;
  mapping.name = value.Text("name");
  mapping.shape = value.Text("shape");
  ReadColumns(value, mapping);
  for (const JsonValue& dimension : value.Array("dimensions")) {
    mapping.dimensions.push_back({dimension.Text("name"), dimension.Text("column")});
  }
  mapping.text_ids = value.Flag("text_ids");
  const auto order = ParseDateOrder(value.Text("date_order"));
  if (!order) value.Refuse("has no order such as day_month_year in \"date_order\"");
  const auto mark = ParseDecimalMark(value.Text("decimal_mark"));
  if (!mark) value.Refuse("has neither point nor comma in \"decimal_mark\"");
  mapping.date_order = order.value_or(mapping.date_order);
  mapping.decimal_mark = mark.value_or(mapping.decimal_mark);
  mapping.currency = value.MaybeText("currency");
  mapping.currency_column = value.MaybeText("currency_column");
  mapping.stages = value.Texts("stages");
  ReadStatuses(value, mapping);
  return mapping;
}

std::string ToJson(const Mapping& mapping) {
  std::string text;
  JsonWriter json(text);
  WriteMapping(json, mapping);
  return text;
}

Result<Mapping> ParseJson(std::string_view text) {
  JsonDocument document(text, "The mapping");
  Mapping mapping = ReadMapping(document.root());
  if (const auto fits = document.status(); !fits) {
    return Fail(ErrorCode::kInvalidArgument, fits.error().message + ".");
  }
  const auto problems = FindProblems(mapping);
  if (problems.empty()) return mapping;
  return Fail(ErrorCode::kInvalidArgument, "The mapping's " + problems.front() + ".");
}

}  // namespace revops::mapping
