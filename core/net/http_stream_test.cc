#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/http_server.h"
#include "core/net/raw_client.h"

namespace revops::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Hands its sink to the test; the token says when the server has let go.
class StreamHandler : public HttpHandler {
 public:
  std::optional<HttpResponse> AnswerNow(const HttpRequest&) override {
    HttpResponse response;
    response.headers = {{"Content-Type", "text/event-stream"}};
    response.stream = [this](HttpStreamSink sink) { return Begin(std::move(sink)); };
    return response;
  }

  HttpResponse Answer(const HttpRequest&) override { return {}; }

  HttpStreamSink sink() { return started_.get_future().get(); }

  bool Push(const std::string& chunk) { return sink_(chunk); }
  void WaitForSink() { sink_ = sink(); }
  void DropSink() { sink_ = nullptr; }
  void WaitForEnd() { ended_.get_future().wait(); }

 private:
  std::shared_ptr<void> Begin(HttpStreamSink sink) {
    sink("first");
    started_.set_value(std::move(sink));
    return {static_cast<void*>(this), [this](void*) { ended_.set_value(); }};
  }

  std::promise<HttpStreamSink> started_;
  std::promise<void> ended_;
  HttpStreamSink sink_;
};

class HttpStreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_.port = 0;
    config_.event_loops = 1;
    config_.workers = 1;
    config_.limits.transfer_grace = std::chrono::milliseconds(200);
    auto server = HttpServer::Start(config_, handler_, clock_, random_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(server).value();
  }

  std::string Get(const std::string& version = "1.1", const std::string& method = "GET") const {
    return method + " / HTTP/" + version +
           "\r\nHost: localhost:" + std::to_string(server_->port()) + "\r\n\r\n";
  }

  HttpServerConfig config_;
  StreamHandler handler_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpStreamTest, SendsChunksAsTheyCome) {
  RawClient client(server_->port());
  client.Send(Get());
  const std::string head = client.ReadUntil("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(client.ReadUntil("first\r\n"), "5\r\nfirst\r\n");
  handler_.WaitForSink();
  EXPECT_TRUE(handler_.Push("second"));
  EXPECT_EQ(client.ReadUntil("second\r\n"), "6\r\nsecond\r\n");
}

TEST_F(HttpStreamTest, EndsWhenTheProducerLetsGo) {
  RawClient client(server_->port());
  client.Send(Get());
  handler_.WaitForSink();
  EXPECT_TRUE(handler_.Push("!"));
  handler_.DropSink();
  const auto response = client.Read();
  EXPECT_EQ(response.body, "first!");
  EXPECT_TRUE(client.SeesClose());
  handler_.WaitForEnd();
}

TEST_F(HttpStreamTest, EndsWhenThePeerCloses) {
  {
    RawClient client(server_->port());
    client.Send(Get());
    client.ReadUntil("first");
  }
  handler_.WaitForEnd();
  handler_.WaitForSink();
  EXPECT_FALSE(handler_.Push("nobody hears this"));
}

TEST_F(HttpStreamTest, IgnoresWhatThePeerSendsMeanwhile) {
  RawClient client(server_->port());
  client.Send(Get() + Get() + std::string(100'000, 'x'));
  handler_.WaitForSink();
  EXPECT_TRUE(handler_.Push("!"));
  handler_.DropSink();
  EXPECT_EQ(client.Read().body, "first!");
}

TEST_F(HttpStreamTest, DropsAPeerThatDoesNotKeepUp) {
  RawClient client(server_->port(), 4096);
  client.Send(Get());
  handler_.WaitForSink();
  const std::string chunk(64 * 1024, 'x');
  while (handler_.Push(chunk)) {
  }
  handler_.WaitForEnd();
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpStreamTest, SendsEverythingToAPeerThatKeepsUp) {
  RawClient client(server_->port());
  client.Send(Get());
  handler_.WaitForSink();
  std::thread producer([&] {
    for (int i = 0; i < 200; ++i) handler_.Push(std::string(1000, 'y'));
    handler_.DropSink();
  });
  EXPECT_EQ(client.Read().body.size(), 5 + 200'000U);
  producer.join();
}

TEST_F(HttpStreamTest, SendsBareBytesOnHttp10) {
  RawClient client(server_->port());
  client.Send(Get("1.0"));
  handler_.WaitForSink();
  EXPECT_TRUE(handler_.Push("second"));
  handler_.DropSink();
  const auto response = client.Read();
  EXPECT_THAT(response.head, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_EQ(response.body, "firstsecond");
}

TEST_F(HttpStreamTest, DoesNotBeginForHead) {
  RawClient client(server_->port());
  client.Send(Get("1.1", "HEAD"));
  EXPECT_EQ(client.Read(true).status, 200);
  EXPECT_TRUE(client.SeesClose());
}

TEST_F(HttpStreamTest, EndsWithTheServer) {
  RawClient client(server_->port());
  client.Send(Get());
  client.ReadUntil("first\r\n");
  std::thread stopper([&] { server_->Stop(); });
  EXPECT_EQ(client.ReadUntil("0\r\n\r\n"), "0\r\n\r\n");
  handler_.WaitForEnd();
  EXPECT_TRUE(client.SeesClose());
  stopper.join();
  handler_.WaitForSink();
  EXPECT_FALSE(handler_.Push("late"));
}

}  // namespace
}  // namespace revops::net
