// The client against scripted servers, over plain TCP where TLS makes no difference.

#include "core/net/http_client.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/client_peer_testing.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpClientTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { authority = std::make_unique<TestAuthority>(); }
  static void TearDownTestSuite() { authority.reset(); }

  void SetUp() override { Make({}); }

  void Make(HttpClientConfig config) {
    config.user_agent = "revops/0.1.0";
    config.ca_file = authority->ca_file();
    auto made = HttpClient::Make(std::move(config), clock_);
    ASSERT_TRUE(made);
    client_ = std::move(made).value();
  }

  ClientRequest Request(const PeerServer& server, std::string method = "GET",
                        std::string body = {}) const {
    ClientRequest request;
    request.method = std::move(method);
    request.origin = server.origin();
    request.target = "/path?query=1";
    request.body = std::move(body);
    request.deadline = clock_.SteadyNow() + std::chrono::minutes(10);
    return request;
  }

  static std::unique_ptr<TestAuthority> authority;
  SteeredClock clock_;
  std::unique_ptr<HttpClient> client_;
};

std::unique_ptr<TestAuthority> HttpClientTest::authority;

TEST_F(HttpClientTest, SendsARequestAndBringsItsAnswer) {
  std::promise<std::string> seen;
  PeerServer server([&](PeerConnection& peer) {
    seen.set_value(peer.ReadRequest());
    peer.Send(Answer("hello", "X-One: 1\r\n"));
  });
  ClientRequest request = Request(server, "POST", "a body");
  request.headers = {{"Authorization", "Bearer token"}};
  const auto response = client_->Send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->header("x-one"), "1");
  EXPECT_EQ(response->body, "hello");
  const std::string host = "127.0.0.1:" + std::to_string(server.origin().port);
  EXPECT_EQ(seen.get_future().get(),
            "POST /path?query=1 HTTP/1.1\r\nHost: " + host +
                "\r\nUser-Agent: revops/0.1.0\r\nAuthorization: Bearer token\r\n"
                "Accept-Encoding: gzip\r\nConnection: keep-alive\r\n"
                "Content-Length: 6\r\n\r\na body");
}

TEST_F(HttpClientTest, TakesEveryWholeAnswerForAValue) {
  PeerServer server([](PeerConnection& peer) {
    for (const char* status : {"301 Moved Permanently\r\nLocation: /other", "404 Not Found",
                               "429 Too Many Requests", "500 Oops", "503 Slow Down"}) {
      peer.ReadRequest();
      peer.Send("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 1\r\n\r\nx");
    }
  });
  for (const int status : {301, 404, 429, 500, 503}) {
    const auto response = client_->Send(Request(server));
    ASSERT_TRUE(response) << status;
    EXPECT_EQ(response->status, status);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, UnpacksGzipThatItAskedFor) {
  const std::string text(300'000, 'x');
  PeerServer server(Repeat(Answer(Gzip(text), "Content-Encoding: gzip\r\n")));
  const auto response = client_->Send(Request(server));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, text);
}

TEST_F(HttpClientTest, BoundsTheUnpackedBody) {
  const std::string packed = Gzip(std::string(4 << 20, '\0'));
  PeerServer server(Repeat(Answer(packed, "Content-Encoding: gzip\r\n")));
  ClientRequest request = Request(server);
  request.body_bytes_max = 1 << 20;
  const auto refused = client_->Send(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(refused.error().origin, "net:http");
  request.body_bytes_max = 4 << 20;
  EXPECT_TRUE(client_->Send(request));
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientTest, ReadsHeadAnswersWithoutABody) {
  PeerServer server(Repeat("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"));
  for (int i = 0; i < 3; ++i) {
    const auto response = client_->Send(Request(server, "HEAD"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(response->header("Content-Length"), "99");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, SkipsInterimAnswers) {
  PeerServer server(Repeat("HTTP/1.1 102 Processing\r\n\r\n" + Answer("final")));
  const auto response = client_->Send(Request(server));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "final");
}

TEST_F(HttpClientTest, CarriesLargeBodiesBothWays) {
  const std::string body(5 << 20, 'b');
  PeerServer server([&](PeerConnection& peer) {
    const std::string request = peer.ReadRequest();
    peer.Send(Answer(request.substr(request.find("\r\n\r\n") + 4)));
  });
  const auto response = client_->Send(Request(server, "PUT", body));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, body);
}

TEST_F(HttpClientTest, ReadsARefusalThatComesBeforeTheBodyIsSent) {
  PeerServer server([](PeerConnection& peer) {
    peer.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = client_->Send(Request(server, "POST", std::string(32 << 20, 'b')));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
}

TEST_F(HttpClientTest, ReadsAnAnswerThatEndsWithItsConnection) {
  PeerServer server([](PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n\r\nall of it");
  });
  for (int i = 0; i < 2; ++i) {
    const auto response = client_->Send(Request(server));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "all of it");
  }
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientTest, TriesEveryAddressOfAName) {
  PeerServer server(Repeat(Answer("hello")));
  ClientRequest request = Request(server);
  request.origin.host = "localhost";
  EXPECT_TRUE(client_->Send(request));
}

TEST_F(HttpClientTest, RefusesWhatIsNoRequestBeforeItConnects) {
  PeerServer server(Repeat(Answer("hello")));
  ClientRequest request = Request(server);
  request.headers = {{"X", "1\r\nY: 2"}};
  const auto response = client_->Send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  ClientRequest request;
  {
    const PeerServer server(Repeat(Answer("hello")));
    request = Request(server);
  }
  const auto response = client_->Send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(response.error().origin, "net:connect");
  EXPECT_THAT(response.error().message,
              AllOf(HasSubstr("127.0.0.1:"), HasSubstr("Connection refused")));
}

TEST_F(HttpClientTest, SendsAThousandRequestsOverOneConnection) {
  PeerServer server(Repeat(Answer("hello")));
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, ServesManyThreads) {
  constexpr int kThreads = 16;
  PeerServer server([](PeerConnection& peer) {
    for (std::string request = peer.ReadRequest(); !request.empty(); request = peer.ReadRequest()) {
      peer.Send(Answer(request.substr(request.find("\r\n\r\n") + 4)));
    }
  });
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 50; ++i) {
          const std::string body = std::to_string(thread) + "/" + std::to_string(i);
          const auto response = client_->Send(Request(server, "POST", body));
          if (response && response->body == body) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, kThreads * 50);
  EXPECT_LE(server.connections(), kThreads);
}

TEST_F(HttpClientTest, KeepsNoMoreConnectionsThanItMay) {
  Make({.user_agent = {}, .ca_file = {}, .connections_max = 1});
  PeerServer one(Repeat(Answer("one")));
  PeerServer two(Repeat(Answer("two")));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client_->Send(Request(one))->body, "one");
    EXPECT_EQ(client_->Send(Request(two))->body, "two");
  }
  EXPECT_EQ(one.connections(), 2);
  EXPECT_EQ(two.connections(), 2);
}

TEST_F(HttpClientTest, AsksThePeerToCloseWhereNothingIsKept) {
  Make({.user_agent = {}, .ca_file = {}, .connections_max = 0});
  std::promise<std::string> seen;
  PeerServer server([&](PeerConnection& peer) {
    seen.set_value(peer.ReadRequest());
    peer.Send(Answer("hello"));
  });
  EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_THAT(seen.get_future().get(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(HttpClientTest, ForgetsAConnectionThatWasIdleTooLong) {
  PeerServer server(Repeat(Answer("hello")));
  EXPECT_TRUE(client_->Send(Request(server)));
  clock_.Advance(milliseconds(24'999));
  EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.connections(), 1);
  clock_.Advance(milliseconds(25'000));
  EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientTest, UsesAConnectionOnceThatIsToClose) {
  PeerServer server(Repeat(Answer("hello", "Connection: close\r\n")));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClientTest, UsesNoConnectionWithUnreadBytes) {
  PeerServer server(Repeat(Answer("hello") + Answer("smuggled")));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client_->Send(Request(server))->body, "hello");
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClientTest, UsesNoConnectionAfterAnError) {
  std::atomic<int> connections = 0;
  PeerServer server([&](PeerConnection& peer) {
    peer.ReadRequest();
    if (++connections == 1)
      peer.Send("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
    else
      peer.Send(Answer("hello"));
    peer.WaitForEnd();
  });
  const auto malformed = client_->Send(Request(server));
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(malformed.error().origin, "net:http");
  EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.connections(), 2);
}

/// Answers one request of each connection and closes it at once.
class ClosingPeer {
 public:
  PeerServer::Script script() {
    return [this](PeerConnection& peer) {
      peer.ReadRequest();
      peer.Send(Answer("hello"));
      peer.Close();
      ++closed_;
    };
  }
  void WaitForClosed(int count) const {
    while (closed_ < count) std::this_thread::yield();
  }

 private:
  std::atomic<int> closed_ = 0;
};

TEST_F(HttpClientTest, ReplacesAConnectionThatWasClosedWhileIdle) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "POST"}) {
    ClosingPeer closing;
    PeerServer server(closing.script());
    const std::string body = std::string(method) == "POST" ? "x" : "";
    EXPECT_TRUE(client_->Send(Request(server, std::string(method) == "HEAD" ? "GET" : method)));
    closing.WaitForClosed(1);
    EXPECT_TRUE(client_->Send(Request(server, method, body))) << method;
    EXPECT_EQ(server.connections(), 2) << method;
  }
}

/// Answers the first request of its first connection, reads the second and ends without a word.
PeerServer::Script CloseOnTheSecond(std::atomic<int>& connections, std::string before_the_end) {
  return [&connections, before_the_end = std::move(before_the_end)](PeerConnection& peer) {
    const bool is_first = ++connections == 1;
    peer.ReadRequest();
    peer.Send(Answer("hello"));
    if (!is_first) return;
    peer.ReadRequest();
    if (!before_the_end.empty()) peer.Send(before_the_end);
    peer.Close();
  };
}

TEST_F(HttpClientTest, SendsAgainWhatMayBeSentTwice) {
  for (const std::string method : {"GET", "PUT", "DELETE"}) {
    std::atomic<int> connections = 0;
    PeerServer server(CloseOnTheSecond(connections, ""));
    EXPECT_TRUE(client_->Send(Request(server, method)));
    EXPECT_TRUE(client_->Send(Request(server, method))) << method;
    EXPECT_EQ(server.connections(), 2) << method;
  }
}

TEST_F(HttpClientTest, SendsAPostOnce) {
  std::atomic<int> connections = 0;
  PeerServer server(CloseOnTheSecond(connections, ""));
  EXPECT_TRUE(client_->Send(Request(server, "POST")));
  const auto lost = client_->Send(Request(server, "POST"));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(lost.error().origin, "net:http");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, SendsOnceWhatIsToBeSentOnce) {
  std::atomic<int> connections = 0;
  PeerServer server(CloseOnTheSecond(connections, ""));
  ClientRequest request = Request(server, "PUT");
  request.is_sent_once = true;
  EXPECT_TRUE(client_->Send(request));
  const auto lost = client_->Send(request);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().origin, "net:http");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, SendsNothingAgainOnceTheAnswerHasBegun) {
  for (const std::string begun : {"H", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n"}) {
    std::atomic<int> connections = 0;
    PeerServer server(CloseOnTheSecond(connections, begun));
    EXPECT_TRUE(client_->Send(Request(server)));
    const auto lost = client_->Send(Request(server));
    ASSERT_FALSE(lost) << begun;
    EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST_F(HttpClientTest, SendsAgainOnceAlone) {
  std::atomic<int> requests = 0;
  PeerServer server([&](PeerConnection& peer) {
    peer.ReadRequest();
    if (++requests > 1) return;
    peer.Send(Answer("hello"));
    peer.ReadRequest();
    ++requests;
  });
  EXPECT_TRUE(client_->Send(Request(server)));
  const auto lost = client_->Send(Request(server));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(requests, 3);
}

TEST_F(HttpClientTest, DoesNotReplaceAFreshConnection) {
  PeerServer server([](PeerConnection& peer) { peer.ReadRequest(); });
  const auto lost = client_->Send(Request(server));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().origin, "net:http");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, DoesNotPromiseThatARequestIsUnseenWhichWasSentBefore) {
  std::atomic<int> requests = 0;
  std::atomic<PeerServer*> listening = nullptr;
  PeerServer server([&](PeerConnection& peer) {
    while (!peer.ReadRequest().empty()) {
      if (++requests > 1) {
        listening.load()->StopListening();
        return;
      }
      peer.Send(Answer("hello"));
    }
  });
  listening = &server;
  const ClientRequest request = Request(server);
  EXPECT_TRUE(client_->Send(request));
  const auto lost = client_->Send(request);
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().message, HasSubstr("Connection refused"));
  EXPECT_EQ(lost.error().origin, "net:http");
}

TEST_F(HttpClientTest, RefusesAUserAgentThatIsNoFieldValue) {
  const auto made = HttpClient::Make({.user_agent = "revops\r\nX: 1", .ca_file = {}}, clock_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace revops::net
