// Bodies that are too large for memory, on their way to where the handler wants them.
#include <atomic>
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

/// Takes uploads to "/upload"; says how each ended.
class UploadHandler : public HttpHandler {
 public:
  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override {
    if (request.path == "/upload") return std::nullopt;
    HttpResponse response;
    response.body = "now " + std::to_string(request.body.size());
    return response;
  }

  HttpResponse Answer(const HttpRequest& request) override {
    auto* upload = static_cast<Upload*>(request.upload);
    HttpResponse response;
    response.body = upload == nullptr ? "none" : upload->received;
    if (upload != nullptr) upload->is_answered = true;
    return response;
  }

  std::unique_ptr<HttpUpload> BeginUpload(const HttpRequest& head) override {
    if (head.path != "/upload") return nullptr;
    ++begun;
    return std::make_unique<Upload>(*this);
  }

  std::uint64_t bytes_max = std::uint64_t{64} << 20U;
  std::atomic<std::uint64_t> disk_bytes_max{std::uint64_t{1} << 40U};
  std::atomic<int> begun = 0;
  std::atomic<int> broken_off = 0;

 private:
  struct Upload final : HttpUpload {
    explicit Upload(UploadHandler& handler) : handler_(handler) {}
    ~Upload() override {
      if (!is_answered) ++handler_.broken_off;
    }
    std::uint64_t bytes_max() const override { return handler_.bytes_max; }
    Result<void> Write(std::string_view piece) override {
      if (received.size() + piece.size() > handler_.disk_bytes_max) {
        return Fail(ErrorCode::kResourceExhausted, "the disk is full");
      }
      received += piece;
      return {};
    }

    UploadHandler& handler_;
    std::string received;
    bool is_answered = false;
  };
};

class HttpUploadTest : public ::testing::Test {
 protected:
  HttpUploadTest() {
    config_.port = 0;
    config_.event_loops = 1;
    config_.workers = 2;
    config_.limits.body_bytes_max = 100'000;
    auto server = HttpServer::Start(config_, handler_, clock_, random_);
    EXPECT_TRUE(server);
    server_ = std::move(server).value();
  }

  std::string Post(const std::string& path, const std::string& fields) const {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) +
           "\r\n" + fields + "\r\n";
  }
  static std::string Length(std::size_t size) {
    return "Content-Length: " + std::to_string(size) + "\r\n";
  }
  /// No two stretches of it are alike.
  static std::string Bytes(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i) + ",";
    bytes.resize(size);
    return bytes;
  }

  HttpServerConfig config_;
  UploadHandler handler_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpUploadTest, ArrivesWholeAndTheConnectionGoesOn) {
  RawClient client(server_->port());
  const std::string bytes = Bytes(3'000'001);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.Send(Post("/upload", Length(bytes.size())) + bytes));
    const auto response = client.Read();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.body == bytes);
  }
  ASSERT_TRUE(client.Send(Post("/small", Length(3)) + "abc"));
  EXPECT_EQ(client.Read().body, "now 3");
  EXPECT_EQ(handler_.begun, 2);
  EXPECT_EQ(handler_.broken_off, 0);
}

TEST_F(HttpUploadTest, TakesChunksAndAsksForABodyThatWaits) {
  RawClient client(server_->port());
  ASSERT_TRUE(
      client.Send(Post("/upload", "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n")));
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), HasSubstr("100 Continue"));
  ASSERT_TRUE(client.Send("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Read().body, "abcdefg");
}

TEST_F(HttpUploadTest, IsEmptyWithoutABody) {
  RawClient client(server_->port());
  ASSERT_TRUE(client.Send(Post("/upload", Length(0))));
  EXPECT_EQ(client.Read().body, "none");
}

TEST_F(HttpUploadTest, IsRefusedWhenItIsTooLargeOrTheDiskIsFull) {
  handler_.bytes_max = 2'000'000;
  {
    RawClient client(server_->port());
    client.Send(Post("/upload", Length(2'000'001)));
    EXPECT_EQ(client.Read().status, 413);
    EXPECT_TRUE(client.SeesClose());
  }
  handler_.disk_bytes_max = 500'000;
  RawClient client(server_->port());
  client.Send(Post("/upload", Length(1'900'000)) + Bytes(1'900'000));
  const auto response = client.Read();
  EXPECT_EQ(response.status, 507);
  EXPECT_THAT(response.body, HasSubstr("the disk is full"));
  EXPECT_TRUE(client.SeesClose());
  server_->Stop();
  EXPECT_EQ(handler_.broken_off, 2);
}

TEST_F(HttpUploadTest, IsThrownAwayWhenItBreaksOff) {
  {
    RawClient client(server_->port());
    ASSERT_TRUE(client.Send(Post("/upload", Length(1'000'000)) + Bytes(600'000)));
    while (handler_.begun == 0) std::this_thread::yield();
  }
  while (handler_.broken_off == 0) std::this_thread::yield();
  EXPECT_EQ(server_->stats().connections_open, 0U);
}

TEST_F(HttpUploadTest, OthersKeepTheUsualLimit) {
  RawClient client(server_->port());
  client.Send(Post("/small", Length(100'001)));
  EXPECT_EQ(client.Read().status, 413);
  EXPECT_EQ(handler_.begun, 0);
}

}  // namespace
}  // namespace revops::net
