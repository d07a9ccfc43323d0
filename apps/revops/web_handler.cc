#include "apps/revops/web_handler.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "apps/revops/assets.h"
#include "apps/revops/metrics.h"
#include "core/base/sha256.h"

namespace revops::app {
namespace {

constexpr std::string_view kPageHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

constexpr std::string_view kAllHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Vary: Accept-Encoding\r\n";

std::string_view ContentType(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".woff2", "font/woff2"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

struct Variant {
  std::string etag;
  std::shared_ptr<const PreparedContent> full;
  std::shared_ptr<const PreparedContent> not_modified;
};

std::shared_ptr<const PreparedContent> Prepare(std::string head, std::string_view body) {
  head += "\r\n";
  auto content = std::make_shared<PreparedContent>();
  content->header_size = head.size();
  content->bytes = std::move(head);
  content->bytes += body;
  return content;
}

Variant MakeVariant(std::string_view path, std::string_view encoding, std::string_view bytes) {
  Variant variant;
  variant.etag = "\"" + Sha256::Hex(bytes).substr(0, 32) + "\"";
  const bool is_hashed = path.starts_with("/assets/");
  std::string shared = "ETag: " + variant.etag + "\r\nCache-Control: ";
  shared += is_hashed ? "public, max-age=31536000, immutable\r\n" : "no-cache\r\n";
  shared += kAllHeaders;
  if (path.ends_with(".html")) shared += kPageHeaders;
  std::string head = "Content-Type: " + std::string(ContentType(path)) + "\r\n";
  if (!encoding.empty()) head += "Content-Encoding: " + std::string(encoding) + "\r\n";
  head += "Content-Length: " + std::to_string(bytes.size()) + "\r\n" + shared;
  variant.full = Prepare(std::move(head), bytes);
  variant.not_modified = Prepare(std::move(shared), {});
  return variant;
}

struct PreparedAsset {
  Variant identity;
  std::optional<Variant> gzip;
  std::optional<Variant> brotli;
};

using AssetMap = std::map<std::string, PreparedAsset, std::less<>>;

AssetMap PrepareAssets() {
  AssetMap map;
  for (const Asset& asset : Assets()) {
    if (asset.path.ends_with(".br") || asset.path.ends_with(".gz")) continue;
    map[std::string(asset.path)].identity = MakeVariant(asset.path, {}, asset.bytes);
  }
  for (const Asset& asset : Assets()) {
    const bool is_brotli = asset.path.ends_with(".br");
    if (!is_brotli && !asset.path.ends_with(".gz")) continue;
    const std::string_view path = asset.path.substr(0, asset.path.size() - 3);
    const auto found = map.find(path);
    if (found == map.end()) continue;
    auto& variant = is_brotli ? found->second.brotli : found->second.gzip;
    variant = MakeVariant(path, is_brotli ? "br" : "gzip", asset.bytes);
  }
  return map;
}

/// Browsers send plain lists; a coding that is refused with q=0 is not taken.
bool Accepts(std::string_view accepted, std::string_view coding) {
  const auto at = accepted.find(coding);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = accepted.substr(at + coding.size());
  return !rest.starts_with(";q=0") || rest.starts_with(";q=0.");
}

bool is_api(std::string_view path) {
  return path.starts_with("/api/") || path == "/api" || path == "/healthz" || path == "/readyz";
}

const Variant& Choose(const PreparedAsset& asset, std::string_view accepted) {
  if (asset.brotli && Accepts(accepted, "br")) return *asset.brotli;
  if (asset.gzip && Accepts(accepted, "gzip")) return *asset.gzip;
  return asset.identity;
}

/// The routes of frontend/src/App.jsx: all of them are index.html.
bool is_page_route(std::string_view path) {
  return path == "/" || path == "/data" || path.starts_with("/data/import/");
}

bool is_page_like(std::string_view path) {
  return path.find('.') == std::string_view::npos && !path.starts_with("/assets/");
}

HttpResponse Plain(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(text);
  return response;
}

}  // namespace

struct WebHandler::Impl {
  HttpHandler& api;
  Engine& engine;
  Stats stats;
  AssetMap assets = PrepareAssets();

  const PreparedAsset* Find(std::string_view path) const {
    const auto found = assets.find(path);
    return found == assets.end() ? nullptr : &found->second;
  }
};

WebHandler::WebHandler(HttpHandler& api, Engine& engine, Stats stats)
    : impl_(new Impl{api, engine, std::move(stats)}) {}

WebHandler::~WebHandler() = default;

std::optional<HttpResponse> WebHandler::AnswerNow(const HttpRequest& request) {
  if (is_api(request.path)) return impl_->api.AnswerNow(request);
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse refused = Plain(405, "only GET and HEAD\n");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  if (request.path == "/metrics") return std::nullopt;
  const PreparedAsset* asset =
      impl_->Find(is_page_route(request.path) ? "/index.html" : request.path);
  const bool is_missing = asset == nullptr;
  // Somebody who mistyped an address is led back by the page; a program gets a plain text.
  if (is_missing && is_page_like(request.path)) asset = impl_->Find("/index.html");
  if (asset == nullptr) return Plain(404, "no such page\n");
  const Variant& variant = Choose(*asset, request.header("accept-encoding"));
  HttpResponse response;
  response.status = 404;
  response.prepared = variant.full;
  if (is_missing) return response;
  const bool is_known = request.header("if-none-match").find(variant.etag) != std::string::npos;
  response.status = is_known ? 304 : 200;
  if (is_known) response.prepared = variant.not_modified;
  return response;
}

std::unique_ptr<HttpUpload> WebHandler::BeginUpload(const HttpRequest& head) {
  return is_api(head.path) ? impl_->api.BeginUpload(head) : nullptr;
}

HttpResponse WebHandler::Answer(const HttpRequest& request) {
  if (is_api(request.path)) return impl_->api.Answer(request);
  HttpResponse response = Plain(200, RenderMetrics(impl_->engine, impl_->stats()));
  response.headers[0].second = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace revops::app
