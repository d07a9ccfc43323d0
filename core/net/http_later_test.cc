// Answers that are promised for later, and those who wait for them.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/net/http_server.h"
#include "core/net/raw_client.h"

namespace revops::net {
namespace {

HttpResponse Text(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

std::string Describe(const HttpRequest& request) {
  return std::string(request.method) + " " + std::string(request.path) + "?" +
         std::string(request.query) + " " + std::string(request.body);
}

/// Promises an answer to "/later…", which comes when the test says so; "/worker" is answered on a
/// worker, all else at once.
class LaterHandler : public HttpHandler {
 public:
  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override {
    if (request.path == "/worker") return std::nullopt;
    if (request.path == "/later") {
      HttpResponse response;
      response.later = [this, request](const auto& resume, const auto& stop) {
        const std::scoped_lock lock(mutex_);
        waiting_.emplace_back(
            [resume, request] { resume([request] { return Text(Describe(request)); }); });
        stops_.push_back(stop);
        came_.notify_all();
      };
      return response;
    }
    if (request.path == "/later-throws") {
      HttpResponse response;
      response.later = [](const auto& resume, const auto&) {
        resume([]() -> HttpResponse { throw 1; });
      };
      return response;
    }
    return Text(Describe(request));
  }

  HttpResponse Answer(const HttpRequest& request) override { return Text(Describe(request)); }

  /// The stop tokens of all that ever waited, once there are so many.
  std::vector<std::stop_token> AwaitLater(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return stops_.size() >= count; });
    return stops_;
  }
  /// Answers all who wait, once so many have ever waited.
  void ResumeLater(std::size_t count) {
    AwaitLater(count);
    for (const auto& resume : std::exchange(waiting_, {})) resume();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::function<void()>> waiting_;
  std::vector<std::stop_token> stops_;
};

void Await(const std::stop_token& stop) {
  std::promise<void> stopped;
  const std::stop_callback on_stop(stop, [&] { stopped.set_value(); });
  stopped.get_future().wait();
}

class HttpLaterTest : public ::testing::Test {
 protected:
  HttpLaterTest() {
    config_.port = 0;
    config_.event_loops = 2;
    config_.workers = 1;
  }

  void Start() {
    auto server = HttpServer::Start(config_, handler_, clock_, random_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(server).value();
  }

  std::string Get(const std::string& path) const { return Request("GET", path); }
  std::string Request(const std::string& method, const std::string& path,
                      const std::string& fields = "") const {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) +
           "\r\n" + fields + "\r\n";
  }

  HttpServerConfig config_;
  LaterHandler handler_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpLaterTest, KeepsNoWorkerWaiting) {
  Start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->Send(Request("POST", "/later?" + std::to_string(i), "Content-Length: 1\r\n") +
                         "x");
  }
  RawClient other(server_->port());
  other.Send(Get("/worker"));
  EXPECT_EQ(other.Read().status, 200);
  handler_.ResumeLater(clients.size());
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_EQ(clients[i]->Read().body, "POST /later?" + std::to_string(i) + " x");
    clients[i]->Send(Get("/again"));
    EXPECT_EQ(clients[i]->Read().status, 200);
  }
}

TEST_F(HttpLaterTest, OutlivesAClientThatLeavesBeforeItsAnswer) {
  Start();
  RawClient(server_->port()).Send(Get("/later"));
  handler_.ResumeLater(1);
  RawClient next(server_->port());
  next.Send(Get("/later-throws"));
  EXPECT_EQ(next.Read().status, 500);
}

TEST_F(HttpLaterTest, TellsThatNobodyWaitsAnyMore) {
  Start();
  RawClient stays(server_->port());
  stays.Send(Get("/later"));
  const std::stop_token of_stays = handler_.AwaitLater(1)[0];
  {
    RawClient leaves(server_->port());
    leaves.Send(Get("/later"));
    handler_.AwaitLater(2);
  }
  Await(handler_.AwaitLater(2)[1]);
  EXPECT_FALSE(of_stays.stop_requested());
  handler_.ResumeLater(2);
  EXPECT_EQ(stays.Read().status, 200);
}

TEST_F(HttpLaterTest, WatchesTheAskerOfEachAnswerOnAConnection) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/later"));
  handler_.ResumeLater(1);
  EXPECT_EQ(client.Read().status, 200);
  client.Send(Get("/later"));
  const std::stop_token second = handler_.AwaitLater(2)[1];
  EXPECT_FALSE(second.stop_requested());
  client.ShutdownSend();
  Await(second);
  handler_.ResumeLater(2);
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(HttpLaterTest, AnswersARequestThatCameWhileTheOneBeforeItWaited) {
  config_.event_loops = 1;
  Start();
  RawClient client(server_->port());
  client.Send(Get("/later"));
  const std::stop_token waiting = handler_.AwaitLater(1)[0];
  client.Send(Get("/next"));
  RawClient other(server_->port());
  other.Send(Get("/after-it"));
  EXPECT_EQ(other.Read().status, 200);
  EXPECT_FALSE(waiting.stop_requested());
  handler_.ResumeLater(1);
  EXPECT_EQ(client.Read().body, "GET /later? ");
  EXPECT_EQ(client.Read().body, "GET /next? ");
}

TEST_F(HttpLaterTest, StopEndsTheWaitingAndWaitsForItsAnswers) {
  config_.limits.drain_timeout = std::chrono::milliseconds(1);
  Start();
  RawClient client(server_->port());
  client.Send(Get("/later"));
  const std::stop_token waiting = handler_.AwaitLater(1)[0];
  std::thread stops([this] { server_->Stop(); });
  Await(waiting);
  EXPECT_TRUE(client.SeesClose());
  handler_.ResumeLater(1);
  stops.join();
}

TEST_F(HttpLaterTest, AnswersWhoWaitsWhenTheServerStops) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/later"));
  const std::stop_token waiting = handler_.AwaitLater(1)[0];
  std::thread stops([this] { server_->Stop(); });
  Await(waiting);
  handler_.ResumeLater(1);
  EXPECT_EQ(client.Read().status, 200);
  stops.join();
}

}  // namespace
}  // namespace revops::net
