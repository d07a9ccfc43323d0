#include "core/snapshot/manifest.h"

#include <utility>

#include "core/base/check.h"
#include "core/base/sha256.h"
#include "core/snapshot/manifest_json.h"

namespace revops::snapshot {
namespace {

constexpr std::string_view kUndated = "undated";
constexpr std::size_t kPartsMax = 120'000;  // every month of the years 1 to 9999

void WriteObject(JsonWriter& json, const ObjectRef& ref) {
  json.Begin('{');
  json.Key("sha256").Text(ref.sha256);
  json.Key("extension").Text(ref.extension);
  json.Key("size_bytes").Count(ref.size_bytes);
  json.End('}');
}

void WriteObject(JsonWriter& json, const std::optional<ObjectRef>& ref) {
  ref ? WriteObject(json, *ref) : json.Null();
}

void WriteColumns(JsonWriter& json, const sales::Schema& schema) {
  json.Key("columns").Begin('[');
  for (const sales::Column& column : schema.columns()) {
    json.Begin('{');
    json.Key("name").Text(column.name);
    json.Key("type").Text(sales::ToString(column.type));
    json.Key("role").Text(sales::ToString(column.role));
    json.Key("length_max").Count(std::uint64_t{column.length_max});
    json.End('}');
  }
  json.End(']');
}

void WritePart(JsonWriter& json, const Part& part) {
  json.Begin('{');
  json.Key("month").Text(part.month);
  json.Key("rows").Count(part.rows);
  WriteObject(json.Key("rows_object"), part.rows_object);
  WriteObject(json.Key("ids_object"), part.ids_object);
  WriteObject(json.Key("cube_object"), part.cube_object);
  WriteLedger(json.Key("ledger"), part.ledger);
  json.End('}');
}

ObjectRef ReadObjectRef(const JsonValue& value) {
  ObjectRef ref{value.Text("sha256"), value.Text("extension"), value.Count("size_bytes")};
  if (!is_sha256(ref.sha256)) value.Refuse("names an object by no SHA-256");
  for (const char c : ref.extension) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (!fits) value.Refuse("has an extension of other than a-z, 0-9 and dots");
  }
  if (ref.extension.empty() || ref.extension.size() > 32) value.Refuse("has no fit extension");
  return ref;
}

std::optional<ObjectRef> MaybeReadObjectRef(const JsonValue& parent, std::string_view name) {
  const auto value = parent.MaybeObject(name);
  return value ? std::optional(ReadObjectRef(*value)) : std::nullopt;
}

bool is_month(std::string_view text) {
  return text == kUndated || Date::Parse(std::string(text) + "-01").has_value();
}

std::vector<Part> ReadParts(const JsonValue& root) {
  std::vector<Part> parts;
  for (const JsonValue& value : root.Array("parts")) {
    Part part;
    part.month = value.Text("month");
    part.rows = value.Count("rows");
    part.rows_object = MaybeReadObjectRef(value, "rows_object");
    part.ids_object = MaybeReadObjectRef(value, "ids_object");
    part.cube_object = ReadObjectRef(value.Object("cube_object"));
    part.ledger = ReadLedger(value);
    if (!is_month(part.month)) value.Refuse("has a part that is no month");
    if (!parts.empty() && parts.back().month >= part.month) {
      value.Refuse("has parts that do not ascend");  // "undated" is after all digits
    }
    parts.push_back(std::move(part));
  }
  if (parts.size() > kPartsMax) root.Refuse("has too many parts");
  return parts;
}

sales::Schema ReadSchema(const JsonValue& root) {
  std::vector<sales::Column> columns;
  for (const JsonValue& value : root.Array("columns")) {
    const auto type = sales::ParseColumnType(value.Text("type"));
    const auto role = sales::ParseColumnRole(value.Text("role"));
    if (!type || !role) value.Refuse("has a column of an unknown type or role");
    columns.push_back({value.Text("name"), type.value_or(sales::ColumnType::kText),
                       role.value_or(sales::ColumnRole::kText),
                       value.MaybeCount("length_max").value_or(0)});
  }
  auto schema = sales::Schema::Make(std::move(columns));
  if (!schema) root.Refuse("has columns that do not fit: " + schema.error().message);
  return std::move(schema).value_or(sales::Schema::FctSales());
}

HashKind ReadHashKind(const JsonValue& root) {
  const std::string kind = root.Text("hash_kind");
  if (kind != "rows" && kind != "cube") root.Refuse("has an unknown hash_kind");
  return kind == "rows" ? HashKind::kRows : HashKind::kCube;
}

/// What holds between members.
void CheckWhole(const JsonValue& root, const Manifest& manifest) {
  std::uint64_t rows = 0;
  for (const Part& part : manifest.parts) {
    rows += part.rows;
    const bool has_rows = part.rows_object && part.ids_object;
    if (manifest.hash_kind == HashKind::kRows && !has_rows) {
      root.Refuse("has hash_kind rows and a part without rows");
    }
  }
  if (rows != manifest.row_count()) root.Refuse("has parts that do not add up to its totals");
  if (!is_sha256(manifest.content_hash)) root.Refuse("has a content_hash that is no SHA-256");
}

const ObjectRef& HashedObject(HashKind kind, const Part& part) {
  if (kind == HashKind::kCube) return part.cube_object;
  REVOPS_CHECK(part.rows_object.has_value());
  return *part.rows_object;
}

}  // namespace

std::string Encode(const Manifest& manifest) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("format").Count(static_cast<std::uint64_t>(manifest.format));
  json.Key("data_as_of").At(manifest.data_as_of);
  json.Key("computed_at").At(manifest.computed_at);
  json.Key("business_date").Text(manifest.business_date.ToString());
  json.Key("zone").Text(manifest.zone);
  json.Key("hash_kind").Text(manifest.hash_kind == HashKind::kRows ? "rows" : "cube");
  json.Key("content_hash").Text(manifest.content_hash);
  WriteColumns(json, manifest.schema);
  json.Key("parts").Begin('[');
  for (const Part& part : manifest.parts) WritePart(json, part);
  json.End(']');
  WriteObject(json.Key("day_digests_object"), manifest.day_digests_object);
  WriteObject(json.Key("definitions_object"), manifest.definitions_object);
  json.Key("views").Begin('{');
  for (const auto& [name, ref] : manifest.views) WriteObject(json.Key(name), ref);
  json.End('}');
  WriteTotals(json.Key("totals"), manifest.totals);
  WriteLedger(json.Key("ledger"), manifest.ledger);
  json.Key("source").Begin('{');
  json.Key("warehouse").Text(manifest.source.warehouse);
  json.Key("table").Text(manifest.source.table);
  json.End('}');
  if (manifest.origin) json.Key("origin").Text(*manifest.origin);
  json.Key("program_version").Text(manifest.program_version);
  json.Key("previous_id").Text(manifest.previous_id);
  json.End('}');
  out.push_back('\n');
  return out;
}

Result<Manifest> ParseManifest(std::string_view bytes) {
  JsonDocument document(bytes, "the manifest");
  REVOPS_TRY(document.CheckFormat(kFormat));
  const JsonValue root = document.root();
  Manifest manifest;
  manifest.format = static_cast<int>(root.Count("format"));
  manifest.data_as_of = root.At("data_as_of");
  manifest.computed_at = root.At("computed_at");
  manifest.business_date = root.On("business_date");
  manifest.zone = root.Text("zone");
  manifest.hash_kind = ReadHashKind(root);
  manifest.content_hash = root.Text("content_hash");
  manifest.schema = ReadSchema(root);
  manifest.parts = ReadParts(root);
  manifest.day_digests_object = MaybeReadObjectRef(root, "day_digests_object");
  manifest.definitions_object = ReadObjectRef(root.Object("definitions_object"));
  for (const auto& [name, value] : root.Map("views")) {
    manifest.views.emplace(name, ReadObjectRef(value));
  }
  manifest.totals = ReadTotals(root.Object("totals"));
  manifest.ledger = ReadLedger(root);
  const JsonValue source = root.Object("source");
  manifest.source = {source.Text("warehouse"), source.Text("table")};
  manifest.origin = root.MaybeText("origin");
  manifest.program_version = root.Text("program_version");
  manifest.previous_id = root.MaybeText("previous_id");
  CheckWhole(root, manifest);
  REVOPS_TRY(document.status());
  return manifest;
}

std::string ManifestId(const Manifest& manifest, std::string_view encoded) {
  return ToCompact(manifest.computed_at) + "-" + Sha256::Hex(encoded).substr(0, 8);
}

std::string ManifestKey(std::string_view id) {
  return "revops/snapshots/" + std::string(id) + ".json";
}

bool Proves(std::string_view id, std::string_view bytes) {
  const auto dash = id.rfind('-');
  return dash != std::string_view::npos && is_manifest_id(id) &&
         Sha256::Hex(bytes).substr(0, 8) == id.substr(dash + 1);
}

std::string ContentHash(HashKind kind, const std::vector<Part>& parts) {
  std::string lines;
  for (const Part& part : parts) {
    lines +=
        part.month + " " + std::to_string(part.rows) + " " + HashedObject(kind, part).sha256 + "\n";
  }
  return Sha256::Hex(lines);
}

}  // namespace revops::snapshot
