#include "core/api/prepared_answer.h"

#include <utility>

#include "core/api/reply.h"

namespace revops::api {
namespace {

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

PreparedContent RenderFull(std::string_view body, const std::string& etag, Coding coding,
                           std::string_view content_type) {
  PreparedContent content;
  for (const auto& [name, value] : StandardHeaders(content_type, CachePolicy::kRevalidate)) {
    AppendHeader(content.bytes, name, value);
  }
  AppendHeader(content.bytes, "ETag", etag);
  if (coding != Coding::kIdentity) {
    AppendHeader(content.bytes, "Content-Encoding", ToString(coding));
  }
  AppendHeader(content.bytes, "Content-Length", std::to_string(body.size()));
  content.bytes += "\r\n";
  content.header_size = content.bytes.size();
  content.bytes += body;
  return content;
}

PreparedContent RenderNotModified(const std::string& etag) {
  PreparedContent content;
  AppendHeader(content.bytes, "ETag", etag);
  AppendHeader(content.bytes, "Cache-Control", "no-cache");
  AppendHeader(content.bytes, "Vary", kVary);
  content.bytes += "\r\n";
  content.header_size = content.bytes.size();
  return content;
}

}  // namespace

PreparedAnswer::PreparedAnswer(const std::string& body, std::string_view content_type) {
  for (std::size_t i = 0; i < kCodingCount; ++i) {
    Variant& variant = variants_[i];
    variant.coding = kCodings[i];
    variant.etag = MakeETag(body, variant.coding);
    variant.full =
        RenderFull(Encode(variant.coding, body), variant.etag, variant.coding, content_type);
    variant.not_modified = RenderNotModified(variant.etag);
  }
}

const PreparedAnswer::Variant* PreparedAnswer::Choose(std::string_view accept_encoding) const {
  constexpr unsigned kAll = (1U << kCodingCount) - 1;
  const std::optional<Coding> coding = NegotiateCoding(accept_encoding, kAll);
  return coding ? &variants_[static_cast<std::size_t>(*coding)] : nullptr;
}

std::string_view PreparedAnswer::body() const {
  const PreparedContent& content = variants_[static_cast<std::size_t>(Coding::kIdentity)].full;
  return std::string_view(content.bytes).substr(content.header_size);
}

}  // namespace revops::api
