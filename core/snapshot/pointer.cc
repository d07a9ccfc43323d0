#include "core/snapshot/pointer.h"

#include <utility>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"
#include "core/snapshot/manifest_json.h"

namespace revops::snapshot {
namespace {

void WriteRef(JsonWriter& json, const ManifestRef& ref) {
  json.Begin('{');
  json.Key("key").Text(ManifestKey(ref.id));
  json.Key("sha256").Text(ref.sha256);
  json.End('}');
}

ManifestRef ReadRef(const JsonValue& value) {
  const std::string key = value.Text("key");
  const auto slash = key.rfind('/');
  const auto dot = key.rfind(".json");
  ManifestRef ref{{}, value.Text("sha256")};
  if (slash != std::string::npos && dot != std::string::npos && slash < dot) {
    ref.id = key.substr(slash + 1, dot - slash - 1);
  }
  if (ManifestKey(ref.id) != key || !is_manifest_id(ref.id) || !is_sha256(ref.sha256)) {
    value.Refuse("names a manifest by no key of one");
  }
  return ref;
}

}  // namespace

std::string Encode(const Pointer& pointer) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("format").Count(static_cast<std::uint64_t>(pointer.format));
  json.Key("sequence").Count(pointer.sequence);
  WriteRef(json.Key("manifest"), pointer.manifest);
  json.Key("earlier").Begin('[');
  for (const ManifestRef& ref : pointer.earlier) WriteRef(json, ref);
  json.End(']');
  json.Key("data_as_of").At(pointer.data_as_of);
  json.Key("computed_at").At(pointer.computed_at);
  json.Key("inputs_key").Text(pointer.inputs_key);
  json.Key("last_scheduled_for").At(pointer.last_scheduled_for);
  json.End('}');
  out.push_back('\n');
  return out;
}

Result<Pointer> ParsePointer(std::string_view bytes) {
  JsonDocument document(bytes, "the pointer");
  REVOPS_TRY(document.CheckFormat(kFormat));
  const JsonValue root = document.root();
  Pointer pointer;
  pointer.format = static_cast<int>(root.Count("format"));
  pointer.sequence = root.Count("sequence");
  pointer.manifest = ReadRef(root.Object("manifest"));
  for (const JsonValue& value : root.Array("earlier")) pointer.earlier.push_back(ReadRef(value));
  if (pointer.earlier.size() > kEarlierMax) root.Refuse("has too many earlier manifests");
  pointer.data_as_of = root.At("data_as_of");
  pointer.computed_at = root.At("computed_at");
  pointer.inputs_key = root.Text("inputs_key");
  pointer.last_scheduled_for = root.MaybeAt("last_scheduled_for");
  REVOPS_TRY(document.status());
  return pointer;
}

Result<std::optional<StoredPointer>> ReadPointer(store::ObjectStore& store) {
  auto object = store.Get(kPointerKey);
  if (!object) {
    if (object.error().code == ErrorCode::kNotFound) return std::optional<StoredPointer>();
    return Unexpected(std::move(object).error());
  }
  REVOPS_TRY_ASSIGN(Pointer pointer, ParsePointer(object->bytes));
  return std::optional(StoredPointer{std::move(pointer), std::move(object->version)});
}

}  // namespace revops::snapshot
