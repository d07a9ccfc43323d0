#include "core/snapshot/definitions_codec.h"

#include <utility>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"

namespace revops::snapshot {
namespace {

using Names = std::map<std::string, std::string>;

void WriteNames(JsonWriter& json, const Names& names) {
  json.Begin('{');
  for (const auto& [name, value] : names) json.Key(name).Text(value);
  json.End('}');
}

Names ReadNames(const JsonValue& parent, std::string_view name) {
  Names names;
  for (const auto& [key, value] : parent.Map(name)) names.emplace(key, value.AsText());
  return names;
}

}  // namespace

std::string EncodeDefinitions(const sales::Definitions& definitions) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("version").Count(static_cast<std::uint64_t>(definitions.version));
  json.Key("zone").Text(definitions.zone);
  json.Key("currency").Text(definitions.currency);
  json.Key("locale").Text(definitions.locale);
  json.Key("stages").Begin('[');
  for (const std::string& stage : definitions.stages) json.Text(stage);
  json.End(']');
  WriteNames(json.Key("stage_aliases"), definitions.stage_aliases);
  json.Key("statuses").Begin('{');
  for (const auto& [text, status] : definitions.statuses) {
    json.Key(text).Text(sales::ToString(status));
  }
  json.End('}');
  json.Key("aliases").Begin('{');
  for (const auto& [dimension, names] : definitions.aliases) {
    WriteNames(json.Key(dimension), names);
  }
  json.End('}');
  json.End('}');
  out.push_back('\n');
  return out;
}

Result<sales::Definitions> ParseDefinitions(std::string_view bytes) {
  JsonDocument document(bytes, "the definitions object");
  const JsonValue root = document.root();
  sales::Definitions definitions;
  constexpr std::uint64_t kVersionMax = 1'000'000'000;
  const std::uint64_t version = root.Count("version");
  if (version > kVersionMax) root.Refuse("has no version");
  definitions.version = version > kVersionMax ? 0 : static_cast<int>(version);
  definitions.zone = root.Text("zone");
  definitions.currency = root.MaybeText("currency");
  definitions.locale = root.Text("locale");
  definitions.stages.clear();
  for (const JsonValue& stage : root.Array("stages")) {
    definitions.stages.push_back(stage.AsText());
  }
  definitions.stage_aliases = ReadNames(root, "stage_aliases");
  definitions.statuses.clear();
  for (const auto& [text, value] : root.Map("statuses")) {
    const auto status = sales::ParseStatus(value.AsText());
    if (!status) value.Refuse("maps a status to none of the five");
    definitions.statuses.emplace(text, status.value_or(sales::Status::kUnknown));
  }
  for (const auto& entry : root.Map("aliases")) {
    definitions.aliases.emplace(entry.first, ReadNames(root.Object("aliases"), entry.first));
  }
  REVOPS_TRY(document.status());
  return definitions;
}

}  // namespace revops::snapshot
