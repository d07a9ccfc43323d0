// Serves one prepared body on one event loop until its standard input ends:
//   bench_http_cached_server PORT BODY_FILE

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "core/net/http_server.h"

namespace {

using revops::HttpRequest;
using revops::HttpResponse;
using revops::PreparedContent;

class OneAnswer final : public revops::HttpHandler {
 public:
  explicit OneAnswer(const std::string& body) {
    auto prepared = std::make_shared<PreparedContent>();
    prepared->bytes =
        "Content-Type: application/json\r\nETag: \"0123456789abcdef\"\r\n"
        "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n";
    prepared->header_size = prepared->bytes.size();
    prepared->bytes += body;
    prepared_ = std::move(prepared);
  }

  std::optional<HttpResponse> AnswerNow(const HttpRequest&) override {
    HttpResponse response;
    response.prepared = prepared_;
    return response;
  }

  HttpResponse Answer(const HttpRequest&) override { return {}; }

 private:
  std::shared_ptr<const PreparedContent> prepared_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s PORT BODY_FILE\n", argv[0]);
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  OneAnswer handler(std::string(std::istreambuf_iterator<char>(file), {}));
  const revops::SystemClock clock;
  revops::SystemRandom random;
  revops::net::HttpServerConfig config;
  config.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  config.event_loops = 1;
  config.workers = 1;
  auto server = revops::net::HttpServer::Start(config, handler, clock, random);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  while (std::getchar() != EOF) {
  }
  (*server)->Stop();
  return 0;
}
