#include "core/snapshot/collecting.h"

#include <utility>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"

namespace revops::snapshot {

std::string Encode(const Collecting& collecting) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("started_at").At(collecting.started_at);
  json.Key("condemned").Begin('[');
  for (const std::string& key : collecting.condemned) json.Text(key);
  json.End(']');
  json.End('}');
  out.push_back('\n');
  return out;
}

Result<Collecting> ParseCollecting(std::string_view bytes) {
  JsonDocument document(bytes, "revops/collecting.json");
  const JsonValue root = document.root();
  Collecting collecting{root.At("started_at"), {}};
  for (const JsonValue& key : root.Array("condemned")) collecting.condemned.insert(key.AsText());
  REVOPS_TRY(document.status());
  return collecting;
}

Result<std::set<std::string>> ReadCondemned(store::ObjectStore& store, Instant now) {
  const auto object = store.Get(kCollectingKey);
  if (!object) {
    if (object.error().code == ErrorCode::kNotFound) return std::set<std::string>();
    return Fail(object.error());
  }
  // A damaged one condemns nothing: what it stood for is caught by looking whether objects exist.
  auto collecting = ParseCollecting(object->bytes);
  if (!collecting || now - collecting->started_at > kCollectingMax) return std::set<std::string>();
  return std::move(collecting->condemned);
}

}  // namespace revops::snapshot
