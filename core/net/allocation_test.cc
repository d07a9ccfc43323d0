// A program of its own: it replaces the allocator to count what a cached request costs.

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "core/net/http_server.h"

namespace {

std::atomic<std::size_t> allocations = 0;

// Not inlined: g++ would take malloc and delete for a mismatched pair.
[[gnu::noinline]] void* Allocate(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

[[gnu::noinline]] void Release(void* memory) { std::free(memory); }

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { Release(memory); }
void operator delete[](void* memory) noexcept { Release(memory); }
void operator delete(void* memory, std::size_t) noexcept { Release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Release(memory); }

namespace revops::net {
namespace {

constexpr std::string_view kHeaders = "ETag: \"e\"\r\nContent-Length: 3392\r\n\r\n";

class CachedHandler final : public HttpHandler {
 public:
  CachedHandler() {
    auto prepared = std::make_shared<PreparedContent>();
    prepared->bytes = std::string(kHeaders) + std::string(3392, 'x');
    prepared->header_size = kHeaders.size();
    prepared_ = std::move(prepared);
  }

  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override {
    HttpResponse response;
    response.status = request.header("If-None-Match").empty() ? 200 : 304;
    response.prepared = prepared_;
    return response;
  }

  HttpResponse Answer(const HttpRequest&) override { return {}; }

 private:
  std::shared_ptr<const PreparedContent> prepared_;
};

class CachedRequests : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    config_.port = 0;
    config_.event_loops = 1;
    config_.workers = 1;
    auto server = HttpServer::Start(config_, handler_, clock_, random_);
    ASSERT_TRUE(server);
    server_ = std::move(server).value();
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  void TearDown() override { ::close(fd_); }

  void Send(std::string_view bytes) const {
    ASSERT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  void Receive(std::size_t size) const {
    static char buffer[65536];
    while (size > 0) {
      const ssize_t received = ::recv(fd_, buffer, std::min(size, sizeof buffer), 0);
      ASSERT_GT(received, 0);
      size -= static_cast<std::size_t>(received);
    }
  }

  /// How long every answer to `request` is.
  std::size_t AnswerSize(std::string_view request) const {
    Send(request);
    while (server_->stats().bytes_sent == 0) std::this_thread::yield();
    const std::size_t size = server_->stats().bytes_sent;
    Receive(size);
    return size;
  }

  HttpServerConfig config_;
  CachedHandler handler_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<HttpServer> server_;
  int fd_ = -1;
};

TEST_P(CachedRequests, AllocateNothingInSteadyState) {
  const std::string request =
      std::string(GetParam()) + " HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) +
      "\r\nAccept: application/json\r\nAccept-Encoding: gzip, br\r\n" +
      (std::string_view(GetParam()).ends_with("fresh") ? "If-None-Match: \"e\"\r\n\r\n" : "\r\n");
  const std::string pipelined = request + request + request;
  const std::size_t size = AnswerSize(request);
  const auto exchange = [&](int times) {
    for (int i = 0; i < times; ++i) {
      Send(request);
      Receive(size);
      Send(pipelined);
      Receive(3 * size);
    }
  };
  exchange(50);
  const std::size_t before = allocations.load();
  exchange(500);
  EXPECT_EQ(allocations.load() - before, 0U);
}

INSTANTIATE_TEST_SUITE_P(Net, CachedRequests,
                         ::testing::Values("GET /api/pipeline/by-region?region=North",
                                           "HEAD /api/pipeline/by-region", "GET /fresh"));

}  // namespace
}  // namespace revops::net
