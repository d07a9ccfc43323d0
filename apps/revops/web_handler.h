#pragma once

#include <functional>
#include <memory>

#include "apps/revops/engine.h"
#include "core/base/http.h"
#include "core/net/http_server.h"

namespace revops::app {

/// Everything that the server answers: the API, the page from the assets embedded at build time
/// (there is no way from a URL to a file), and /metrics.
class WebHandler final : public HttpHandler {
 public:
  using Stats = std::function<net::HttpServerStats()>;

  WebHandler(HttpHandler& api, Engine& engine, Stats stats);
  ~WebHandler() override;

  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override;
  std::unique_ptr<HttpUpload> BeginUpload(const HttpRequest& head) override;
  HttpResponse Answer(const HttpRequest& request) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::app
