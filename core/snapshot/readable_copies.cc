#include <utility>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot.h"

namespace revops::snapshot {
namespace {

constexpr int kTriesMax = 8;

/// Which snapshot a readable copy shows.
struct CopyMark {
  Instant computed_at;
  std::string id;

  friend auto operator<=>(const CopyMark&, const CopyMark&) = default;
};

/// nullopt: it is not one of ours, and replaced.
std::optional<CopyMark> ReadMark(std::string_view bytes) {
  JsonDocument document(bytes, "a readable copy");
  const JsonValue meta = document.root().Object("meta");
  CopyMark mark{meta.At("computed_at"), meta.Text("snapshot_id")};
  return document.status() ? std::optional(std::move(mark)) : std::nullopt;
}

void AppendMeta(std::string& out, std::string_view id, const Manifest& manifest,
                const sales::Definitions& definitions) {
  JsonWriter json(out);
  json.Key("meta").Begin('{');
  json.Key("source").Text("snapshot");
  json.Key("snapshot_id").Text(id);
  json.Key("content_hash").Text(manifest.content_hash);
  json.Key("data_as_of").At(manifest.data_as_of);
  json.Key("computed_at").At(manifest.computed_at);
  json.Key("business_date").Text(manifest.business_date.ToString());
  json.Key("zone").Text(manifest.zone);
  json.Key("definitions_version").Count(static_cast<std::uint64_t>(definitions.version));
  json.Key("filter").Raw("{}");
  json.Key("rows").Count(manifest.row_count());
  json.End('}');
}

Result<void> Raise(store::ObjectStore& store, const std::string& key, std::string_view bytes,
                   const CopyMark& mark) {
  for (int i = 0; i < kTriesMax; ++i) {
    auto condition = store::PutCondition::IfAbsent();
    const auto present = store.Get(key);
    if (present) {
      const auto present_mark = ReadMark(present->bytes);
      if (present_mark && *present_mark >= mark) return {};
      condition = store::PutCondition::IfMatch(present->version);
    } else if (present.error().code != ErrorCode::kNotFound) {
      return Fail(present.error());
    }
    const auto put = store.Put(key, bytes, condition);
    if (put) return {};
    if (put.error().code != ErrorCode::kAlreadyExists) return Fail(put.error());
  }
  return Fail(ErrorCode::kUnavailable, key + " is replaced by others all the time");
}

Result<void> WriteCopy(store::ObjectStore& store, const std::string& view,
                       const std::string& content, const CopyMark& mark) {
  const std::string folder = "pipeline/" + view + "/";
  const auto put = store.Put(folder + ToCompact(mark.computed_at) + ".json", content,
                             store::PutCondition::None());
  if (!put) return Fail(put.error());
  return Raise(store, folder + "latest.json", content, mark);
}

}  // namespace

Result<void> WriteReadableCopies(store::ObjectStore& store, std::string_view id,
                                 const Manifest& manifest) {
  REVOPS_TRY_ASSIGN(const std::string definitions_bytes,
                    ReadObject(store, manifest.definitions_object));
  REVOPS_TRY_ASSIGN(const sales::Definitions definitions, ParseDefinitions(definitions_bytes));
  for (const char* view : {"by-region", "by-product"}) {
    const auto ref = manifest.views.find(view);
    if (ref == manifest.views.end()) {
      return Fail(ErrorCode::kCorrupt, "the manifest lacks the view " + std::string(view));
    }
    REVOPS_TRY_ASSIGN(std::string content, ReadObject(store, ref->second));
    if (!content.ends_with('}')) return Fail(ErrorCode::kCorrupt, "a view is no JSON object");
    content.pop_back();
    AppendMeta(content, id, manifest, definitions);
    content += "}\n";
    REVOPS_TRY(WriteCopy(store, view, std::move(content), {manifest.computed_at, std::string(id)}));
  }
  return {};
}

}  // namespace revops::snapshot
