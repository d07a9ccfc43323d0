#include "core/net/http_server.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/raw_client.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Describe(const HttpRequest& request) {
  return std::string(request.method) + " " + std::string(request.path) + "?" +
         std::string(request.query) + " " + std::string(request.body);
}

HttpResponse Text(std::string body) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = std::move(body);
  return response;
}

/// Answers by path; "/worker…" and "/block" on a worker.
class TestHandler : public HttpHandler {
 public:
  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override {
    if (request.path.starts_with("/worker") || request.path == "/block") return std::nullopt;
    if (request.path == "/throw") throw std::runtime_error("x");
    if (request.path == "/large") return Text(std::string(large_size, 'x'));
    if (request.path == "/not-modified") {
      HttpResponse response;
      response.status = 304;
      response.prepared = prepared;
      return response;
    }
    if (request.path == "/prepared") {
      HttpResponse response;
      response.prepared = prepared;
      return response;
    }
    if (request.path == "/stream") {
      HttpResponse response = Text("");
      response.stream = start_stream;
      return response;
    }
    if (request.path == "/id") return Text(std::string(request.request_id));
    return Text(Describe(request));
  }

  HttpResponse Answer(const HttpRequest& request) override {
    if (request.path == "/worker-throw") throw 1;
    if (request.path == "/block") {
      ++blocked;
      release.wait();
    }
    return Text("worker " + Describe(request));
  }

  std::size_t large_size = 32 * 1024 * 1024;
  HttpStreamStart start_stream;
  std::shared_ptr<const PreparedContent> prepared = std::make_shared<PreparedContent>(
      PreparedContent{"ETag: \"e\"\r\nContent-Length: 8\r\n\r\nprepared", 32});
  std::promise<void> releaser;
  std::shared_future<void> release = releaser.get_future().share();
  std::atomic<int> blocked = 0;
};

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() {
    config_.port = 0;
    config_.event_loops = 2;
    config_.workers = 2;
  }

  void Start() {
    auto server = HttpServer::Start(config_, handler_, clock_, random_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(server).value();
  }

  std::string Get(std::string_view path, std::string_view fields = "") const {
    return Request("GET", path, fields);
  }

  std::string Request(std::string_view method, std::string_view path,
                      std::string_view fields = "") const {
    return std::string(method) + " " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) + "\r\n" +
           std::string(fields) + "\r\n";
  }

  HttpServerConfig config_;
  TestHandler handler_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  Start();
  RawClient client(server_->port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.Send(Get("/a?b=" + std::to_string(i))));
    const auto response = client.Read();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a?b=" + std::to_string(i) + " ");
    EXPECT_THAT(response.head, HasSubstr("\r\nDate: "));
    EXPECT_THAT(response.head, Not(HasSubstr("Connection:")));
  }
  EXPECT_EQ(server_->stats().connections_accepted, 1U);
  EXPECT_EQ(server_->stats().requests, 50U);
  EXPECT_EQ(server_->stats().responses_by_class[2], 50U);
}

TEST_F(HttpServerTest, GivesEveryRequestItsId) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/id") + Get("/id"));
  const auto first = client.Read();
  const auto second = client.Read();
  EXPECT_EQ(first.body.size(), 32U);
  EXPECT_NE(first.body, second.body);
  EXPECT_THAT(first.head, HasSubstr("X-Request-Id: " + first.body + "\r\n"));
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(server_->port());
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += Get((i % 3 == 0 ? "/worker" : "/now") + std::to_string(i));
  }
  std::thread sender([&] { client.Send(all); });
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(client.Read().body,
                HasSubstr((i % 3 == 0 ? "/worker" : "/now") + std::to_string(i) + "?"));
  }
  sender.join();
}

TEST_F(HttpServerTest, TakesRequestsByteByByte) {
  Start();
  RawClient client(server_->port());
  for (const char c : Request("POST", "/a", "Content-Length: 2\r\n") + "hi") {
    client.Send(std::string(1, c));
  }
  EXPECT_EQ(client.Read().body, "POST /a? hi");
}

TEST_F(HttpServerTest, TakesChunkedBodies) {
  Start();
  RawClient client(server_->port());
  client.Send(Request("POST", "/worker", "Transfer-Encoding: chunked\r\n") +
              "5\r\nhello\r\n1;x\r\n!\r\n0\r\nA: b\r\n\r\n" + Get("/next"));
  EXPECT_EQ(client.Read().body, "worker POST /worker? hello!");
  EXPECT_EQ(client.Read().body, "GET /next? ");
}

TEST_F(HttpServerTest, TakesABodyAsLargeAsAllowedAndNoLarger) {
  config_.limits.body_bytes_max = 300'000;
  Start();
  const std::string body(300'000, 'b');
  RawClient client(server_->port());
  client.Send(Request("PUT", "/worker", "Content-Length: 300000\r\n") + body);
  EXPECT_EQ(client.Read().body, "worker PUT /worker? " + body);
  client.Send(Request("PUT", "/worker", "Content-Length: 300001\r\n") + body);
  const auto refused = client.Read();
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.head, HasSubstr("Connection: close"));
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, AsksForABodyThatWaits) {
  Start();
  RawClient client(server_->port());
  client.Send(Request("POST", "/a", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hi");
  EXPECT_EQ(client.Read().body, "POST /a? hi");
  client.Send(Request("POST", "/a", "Expect: 100-continue\r\nContent-Length: 99999999\r\n"));
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(HttpServerTest, LeavesTheBodyOutOfHeadAnd304) {
  Start();
  RawClient client(server_->port());
  client.Send(Request("HEAD", "/prepared") + Request("HEAD", "/a") + Get("/not-modified") +
              Get("/prepared"));
  const auto head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(client.Read(true).head, HasSubstr("Content-Length: 9\r\n"));
  const auto not_modified = client.Read();
  EXPECT_EQ(not_modified.status, 304);
  EXPECT_THAT(not_modified.head, HasSubstr("ETag: \"e\""));
  EXPECT_EQ(client.Read().body, "prepared");
}

TEST_F(HttpServerTest, ClosesWhenAsked) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/a", "Connection: close\r\n") + Get("/b"));
  const auto response = client.Read();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.head, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  Start();
  const std::string host = "Host: localhost:" + std::to_string(server_->port()) + "\r\n";
  RawClient client(server_->port());
  client.Send("GET /a HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.Read().head, HasSubstr("Connection: keep-alive\r\n"));
  client.Send("GET /a HTTP/1.0\r\n" + host + "\r\n");
  EXPECT_THAT(client.Read().head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, AnswersAClientThatHasClosedItsSide) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/worker"));
  client.ShutdownSend();
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, RefusesInTheErrorShapeAndCloses) {
  Start();
  const std::pair<std::string, int> cases[] = {
      {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\n", 400},
      {Request("BREW", "/"), 501},
      {Request("POST", "/", "Transfer-Encoding: xchunked\r\n") + Get("/smuggled"), 501},
      {Request("POST", "/", "Transfer-Encoding: gzip\r\nContent-Length: 0\r\n") + Get("/x"), 400},
      {"\x16\x03\x01\x02" + std::string(10'000, '\0'), 431},
  };
  for (const auto& [bytes, status] : cases) {
    RawClient client(server_->port());
    client.Send(bytes);
    const auto response = client.Read();
    EXPECT_EQ(response.status, status) << bytes;
    EXPECT_THAT(response.head, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(response.head, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(response.head, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(response.body, testing::StartsWith("{\"error\":{\"code\":\""));
    EXPECT_TRUE(client.SeesClose());
  }
  EXPECT_EQ(server_->stats().requests, 0U);
  EXPECT_EQ(server_->stats().requests_refused, std::size(cases));
}

TEST_F(HttpServerTest, TurnsExceptionsInto500) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/throw") + Get("/worker-throw") + Get("/a"));
  EXPECT_EQ(client.Read().status, 500);
  EXPECT_EQ(client.Read().status, 500);
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(HttpServerTest, IsBusyWhenTheQueueIsFull) {
  config_.workers = 1;
  config_.event_loops = 1;
  config_.limits.connections_per_address_max = 100;
  Start();
  std::vector<std::unique_ptr<RawClient>> waiting;
  const auto block = [&] {
    waiting.push_back(std::make_unique<RawClient>(server_->port()));
    waiting.back()->Send(Get("/block"));
  };
  block();
  while (handler_.blocked == 0) std::this_thread::yield();
  for (int i = 0; i < 64; ++i) block();
  while (server_->stats().requests < 65) std::this_thread::yield();

  RawClient client(server_->port());
  client.Send(Get("/worker") + Get("/a"));
  const auto busy = client.Read();
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.head, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(busy.body, HasSubstr("\"code\":\"resource_exhausted\""));
  EXPECT_THAT(busy.body, HasSubstr("\"retryable\":true"));
  EXPECT_EQ(client.Read().status, 200);
  handler_.releaser.set_value();
  for (const auto& each : waiting) EXPECT_EQ(each->Read().status, 200);
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
  config_.limits.connections_per_address_max = 100;
  Start();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      RawClient client(server_->port());
      for (int i = 0; i < 50; ++i) {
        const std::string path =
            (i % 2 == 0 ? "/worker/" : "/now/") + std::to_string(t) + "/" + std::to_string(i);
        client.Send(Get(path));
        if (client.Read().body.find(path + "?") != std::string::npos) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 16 * 50);
}

TEST_F(HttpServerTest, RefusesASecondServerOnItsPort) {
  Start();
  HttpServerConfig second = config_;
  second.port = server_->port();
  const auto result = HttpServer::Start(second, handler_, clock_, random_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
}

TEST_F(HttpServerTest, RefusesWhatIsNoAddress) {
  config_.address = "example.com";
  const auto result = HttpServer::Start(config_, handler_, clock_, random_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(HttpServerTest, ListensOnIpv6) {
  config_.address = "::1";
  auto server = HttpServer::Start(config_, handler_, clock_, random_);
  if (!server) GTEST_SKIP() << "no IPv6 here";
  EXPECT_GT((*server)->port(), 0);
}

// Limits

TEST_F(HttpServerTest, DropsAConnectionThatSaysNothing) {
  config_.limits.first_byte_timeout = milliseconds(20);
  Start();
  RawClient client(server_->port());
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(HttpServerTest, Answers408ToAHeadThatDoesNotEnd) {
  config_.limits.head_timeout = milliseconds(20);
  Start();
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(client.Read().status, 408);
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, Answers408ToABodyThatDripsTooSlowly) {
  config_.limits.transfer_grace = milliseconds(20);
  Start();
  RawClient client(server_->port());
  client.Send(Request("POST", "/a", "Content-Length: 100\r\n") + "only this");
  EXPECT_EQ(client.Read().status, 408);
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, DropsAConnectionThatIsIdleTooLong) {
  config_.limits.idle_timeout = milliseconds(20);
  Start();
  RawClient client(server_->port());
  client.Send(Get("/a"));
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpServerTest, DropsAPeerThatDoesNotReadItsAnswer) {
  config_.limits.transfer_grace = milliseconds(20);
  Start();
  RawClient slow(server_->port(), 4096);
  slow.Send(Get("/large"));
  while (server_->stats().requests == 0) std::this_thread::yield();
  while (server_->stats().connections_open > 0) std::this_thread::yield();
  EXPECT_LT(slow.Read().body.size(), handler_.large_size);
}

TEST_F(HttpServerTest, SendsALargeAnswerWhole) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/large") + Get("/a"));
  EXPECT_EQ(client.Read().body.size(), handler_.large_size);
  EXPECT_EQ(client.Read().body, "GET /a? ");
}

TEST_F(HttpServerTest, HoldsSoManyLargeBodiesAndNoMore) {
  config_.limits.body_bytes_max = 1000;
  Start();
  const std::string most = Request("PUT", "/a", "Content-Length: 1000\r\n") + std::string(999, 'b');
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->Send(most);
  }
  while (server_->stats().responses_by_class[5] < 8) std::this_thread::yield();
  clients.clear();
  while (server_->stats().connections_open > 0) std::this_thread::yield();
  RawClient client(server_->port());
  client.Send(most + "b");
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(HttpServerTest, ClosesAfterTheLastRequestOfAConnection) {
  config_.limits.requests_per_connection_max = 2;
  Start();
  RawClient client(server_->port());
  client.Send(Get("/a") + Get("/b") + Get("/c"));
  EXPECT_THAT(client.Read().head, Not(HasSubstr("Connection: close")));
  EXPECT_THAT(client.Read().head, HasSubstr("Connection: close"));
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(HttpServerTest, BoundsConnectionsPerAddress) {
  config_.limits.connections_per_address_max = 2;
  Start();
  RawClient first(server_->port());
  first.Send(Get("/a"));
  EXPECT_EQ(first.Read().status, 200);
  {
    RawClient second(server_->port());
    second.Send(Get("/a"));
    EXPECT_EQ(second.Read().status, 200);
    RawClient third(server_->port());
    EXPECT_TRUE(third.SeesClose());
    EXPECT_EQ(server_->stats().connections_refused, 1U);
  }
  while (server_->stats().connections_open > 1) std::this_thread::yield();
  RawClient again(server_->port());
  again.Send(Get("/a"));
  EXPECT_EQ(again.Read().status, 200);
}

TEST_F(HttpServerTest, BoundsConnectionsInAll) {
  config_.limits.connections_max = 1;
  Start();
  RawClient first(server_->port());
  first.Send(Get("/a"));
  EXPECT_EQ(first.Read().status, 200);
  RawClient second(server_->port());
  EXPECT_TRUE(second.SeesClose());
}

TEST_F(HttpServerTest, AcceptsAgainOnceDescriptorsAreFree) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer itself needs descriptors";
#endif
  config_.event_loops = 1;
  Start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(STDERR_FILENO);
  ::close(next);
  rlimit lowered = before;
  lowered.rlim_cur = static_cast<rlim_t>(next) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  RawClient client(server_->port());
  client.Send(Get("/a"));
  EXPECT_EQ(server_->stats().connections_accepted, 0U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(client.Read().status, 200);
}

// Stopping

TEST_F(HttpServerTest, StopClosesIdleConnectionsAndThePort) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/a"));
  EXPECT_EQ(client.Read().status, 200);
  server_->Stop();
  EXPECT_TRUE(client.SeesClose());
  config_.port = server_->port();
  server_.reset();
  Start();
}

TEST_F(HttpServerTest, StopLetsARunningRequestFinish) {
  // One loop drains all of its connections at once: when one is seen to close, all have been told.
  config_.event_loops = 1;
  config_.limits.transfer_grace = milliseconds(20);
  Start();
  RawClient client(server_->port());
  client.Send(Get("/block"));
  while (handler_.blocked == 0) std::this_thread::yield();
  RawClient idle(server_->port());
  idle.Send(Get("/a"));
  EXPECT_EQ(idle.Read().status, 200);
  std::thread stopper([&] { server_->Stop(); });
  EXPECT_TRUE(idle.SeesClose());
  handler_.releaser.set_value();
  const auto response = client.Read();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.SeesClose());
  stopper.join();
}

TEST_F(HttpServerTest, StopDoesNotWaitForASlowClientForEver) {
  config_.limits.drain_timeout = milliseconds(20);
  Start();
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\n");
  while (server_->stats().connections_accepted == 0) std::this_thread::yield();
  server_->Stop();
  EXPECT_TRUE(client.SeesClose());
  EXPECT_EQ(server_->stats().connections_open, 0U);
}

}  // namespace
}  // namespace revops::net
