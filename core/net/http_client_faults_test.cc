// Peers that break off, hang or trickle, and callers who have had enough.

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "core/base/check.h"
#include "core/net/client_peer_testing.h"
#include "core/net/client_socket.h"
#include "core/net/http_client.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

class HttpClientFaultsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority = std::make_unique<TestAuthority>();
    identity = authority->Issue("IP:127.0.0.1");
  }
  static void TearDownTestSuite() { authority.reset(); }

  void SetUp() override { Make({}); }

  void Make(HttpClientConfig config) {
    config.ca_file = authority->ca_file();
    auto made = HttpClient::Make(std::move(config), clock_);
    ASSERT_TRUE(made);
    client_ = std::move(made).value();
  }

  ClientRequest Request(const HttpOrigin& origin) const {
    ClientRequest request;
    request.method = "GET";
    request.origin = origin;
    request.target = "/";
    request.deadline = clock_.SteadyNow() + kFar;
    request.stop = stop_.get_token();
    return request;
  }

  static void Expect(const Result<ClientResponse>& result, ErrorCode code,
                     std::string_view origin) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << revops::Describe(result.error());
    EXPECT_EQ(result.error().origin, origin) << revops::Describe(result.error());
  }

  static constexpr std::chrono::minutes kFar{10};
  static std::unique_ptr<TestAuthority> authority;
  static TestIdentity identity;
  SteeredClock clock_;
  std::stop_source stop_;
  std::unique_ptr<HttpClient> client_;
};

std::unique_ptr<TestAuthority> HttpClientFaultsTest::authority;
TestIdentity HttpClientFaultsTest::identity;

/// A port where connections are neither taken nor refused: its queue is full.
class BlackHole {
 public:
  BlackHole() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REVOPS_CHECK(::bind(listener_.get(), generic, size) == 0);
    REVOPS_CHECK(::listen(listener_.get(), 0) == 0);
    REVOPS_CHECK(::getsockname(listener_.get(), generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    for (ClientFd& queued : queued_) {
      queued = ClientFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(queued.get(), generic, size);
    }
  }

  HttpOrigin origin() const { return {.tls = false, .host = "127.0.0.1", .port = port_}; }

 private:
  ClientFd listener_;
  std::array<ClientFd, 4> queued_;
  std::uint16_t port_ = 0;
};

enum class End { kClose, kCut, kReset };

/// Sends that much of `answer`, ends, and says how the client took it.
class CutTest : public HttpClientFaultsTest, public ::testing::WithParamInterface<bool> {
 protected:
  Result<ClientResponse> SendCut(const std::string& answer, std::size_t size, End end) {
    PeerServer::Options options;
    if (GetParam()) options.identity = identity;
    PeerServer server(
        [&](PeerConnection& peer) {
          peer.ReadRequest();
          peer.Send(std::string_view(answer).substr(0, size));
          if (end == End::kClose) peer.Close();
          if (end == End::kCut) peer.Cut();
          if (end == End::kReset) peer.Reset();
        },
        std::move(options));
    return client_->Send(Request(server.origin()));
  }
};

TEST_P(CutTest, MakesNoValueOfAnAnswerThatWasCutAnywhere) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
  for (const std::string& answer : {Answer("hello!"), chunked}) {
    for (std::size_t size = 0; size < answer.size(); ++size) {
      Expect(SendCut(answer, size, End::kClose), ErrorCode::kUnavailable, "net:http");
    }
    const auto whole = SendCut(answer, answer.size(), End::kClose);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->body, "hello!");
  }
}

TEST_P(CutTest, MakesNoValueOfAnAnswerThatWasCutWithoutNotice) {
  const std::string answer = Answer("hello!");
  for (std::size_t size = 0; size < answer.size(); size += 3) {
    Expect(SendCut(answer, size, End::kCut), ErrorCode::kUnavailable, "net:http");
    Expect(SendCut(answer, size, End::kReset), ErrorCode::kUnavailable, "net:http");
  }
  Expect(SendCut("HTTP/1.1 200 OK\r\n\r\nall of it", 100, End::kReset), ErrorCode::kUnavailable,
         "net:http");
}

TEST_P(CutTest, ReadsAnAnswerByteByByte) {
  PeerServer::Options options;
  if (GetParam()) options.identity = identity;
  PeerServer server(
      [](PeerConnection& peer) {
        peer.ReadRequest();
        for (const char c : Answer("hello", "X: 1\r\n")) peer.Send({&c, 1});
        peer.WaitForEnd();
      },
      std::move(options));
  const auto response = client_->Send(Request(server.origin()));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "hello");
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, CutTest, ::testing::Bool(),
                         [](const auto& row) { return row.param ? "Tls" : "Plain"; });

TEST_F(HttpClientFaultsTest, DoesNothingAfterTheDeadline) {
  PeerServer server(Repeat(Answer("hello")));
  ClientRequest request = Request(server.origin());
  request.deadline = clock_.SteadyNow();
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:connect");
  request.deadline = {};
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:connect");
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientFaultsTest, DoesNothingAfterTheStop) {
  PeerServer server(Repeat(Answer("hello")));
  stop_.request_stop();
  Expect(client_->Send(Request(server.origin())), ErrorCode::kCancelled, "net:connect");
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientFaultsTest, WaitsForAnAnswerUntilTheDeadlineByRealTimeToo) {
  PeerServer server([](PeerConnection& peer) { peer.WaitForEnd(); });
  ClientRequest request = Request(server.origin());
  request.deadline = clock_.SteadyNow() + milliseconds(30);
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:http");
}

TEST_F(HttpClientFaultsTest, EndsAnAnswerInTheMiddleAtTheDeadline) {
  PeerServer server([&](PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n");
    clock_.Advance(kFar);
    peer.Send("C");
    peer.WaitForEnd();
  });
  Expect(client_->Send(Request(server.origin())), ErrorCode::kTimeout, "net:http");
}

TEST_F(HttpClientFaultsTest, EndsAnAnswerWithoutEndAtTheDeadline) {
  PeerServer server([&](PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.Send("400\r\n" + std::string(1024, 'x') + "\r\n")) {
      clock_.Advance(milliseconds(1));
    }
  });
  ClientRequest request = Request(server.origin());
  request.deadline = clock_.SteadyNow() + seconds(1);
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:http");
}

TEST_F(HttpClientFaultsTest, EndsAnUploadThatIsNotReadAtTheDeadline) {
  std::promise<void> given_up;
  PeerServer server([&](PeerConnection& /*peer*/) { given_up.get_future().wait(); });
  ClientRequest request = Request(server.origin());
  request.method = "PUT";
  request.body = std::string(32 << 20, 'x');
  request.deadline = clock_.SteadyNow() + milliseconds(100);
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:http");
  given_up.set_value();
}

TEST_F(HttpClientFaultsTest, GivesUpOnAPeerThatDoesNotConnect) {
  const BlackHole hole;
  ClientRequest request = Request(hole.origin());
  Make({.user_agent = {}, .ca_file = {}, .connect_timeout = milliseconds(30)});
  Expect(client_->Send(request), ErrorCode::kUnavailable, "net:connect");
  Make({});
  request.deadline = clock_.SteadyNow() + milliseconds(30);
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:connect");
}

TEST_F(HttpClientFaultsTest, TriesTheAddressesInTurn) {
  const BlackHole hole;
  PeerServer server(Repeat(Answer("hello")));
  const auto address = [](const char* host, std::uint16_t port) {
    ClientAddress of = *ParseAddress(host);
    of.SetPort(port);
    return of;
  };
  const ClientAddress refuses = address("127.0.0.2", server.origin().port);
  const ClientAddress swallows = address("127.0.0.1", hole.origin().port);
  const ClientAddress answers = address("127.0.0.1", server.origin().port);
  const auto until = clock_.SteadyNow() + milliseconds(90);
  const auto patience = ClientPatience::Make(clock_, until + kFar, stop_.get_token());
  EXPECT_TRUE(ConnectTcp({refuses, swallows, answers}, "peer", **patience, until));
  const auto refused = ConnectTcp({swallows, refuses}, "peer", **patience, until);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().message, "cannot connect to peer: Connection refused");
  EXPECT_FALSE(ConnectTcp({}, "peer", **patience, until));
}

TEST_F(HttpClientFaultsTest, GivesUpOnAPeerThatDoesNotShakeHands) {
  PeerServer server([](PeerConnection& peer) { peer.WaitForEnd(); });
  ClientRequest request = Request(server.origin());
  request.origin.tls = true;
  Make({.user_agent = {}, .ca_file = {}, .connect_timeout = milliseconds(30)});
  Expect(client_->Send(request), ErrorCode::kUnavailable, "net:tls");
  Make({});
  request.deadline = clock_.SteadyNow() + milliseconds(30);
  Expect(client_->Send(request), ErrorCode::kTimeout, "net:tls");
}

TEST_F(HttpClientFaultsTest, GivesUpOnAnAnswerThatTricklesOrStands) {
  for (const int pieces : {0, 1000}) {
    std::atomic<bool> has_begun = false;
    PeerServer server([&](PeerConnection& peer) {
      peer.ReadRequest();
      has_begun = true;
      peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
      for (int i = 0; i < pieces; ++i) peer.Send("x");
      peer.WaitForEnd();
    });
    // From then on, every look at the clock finds it eleven seconds later.
    clock_.on_reading = [&](int /*reading*/) {
      if (has_begun) clock_.Advance(seconds(11));
    };
    ClientRequest request = Request(server.origin());
    request.deadline = Clock::SteadyTime::max();
    const auto slow = client_->Send(request);
    clock_.on_reading = nullptr;
    Expect(slow, ErrorCode::kUnavailable, "net:http");
    EXPECT_THAT(slow.error().message, HasSubstr("too slowly"));
  }
}

TEST_F(HttpClientFaultsTest, LetsThePeerThinkBeforeItAnswers) {
  PeerServer server([&](PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 102 Processing\r\n\r\n");
    clock_.Advance(seconds(300));
    peer.Send(Answer("thought"));
    peer.WaitForEnd();
  });
  EXPECT_TRUE(client_->Send(Request(server.origin())));
}

TEST_F(HttpClientFaultsTest, StopsWhileItConnects) {
  const BlackHole hole;
  clock_.on_reading = [&](int reading) {
    if (reading == 7) stop_.request_stop();
  };
  Expect(client_->Send(Request(hole.origin())), ErrorCode::kCancelled, "net:connect");
}

TEST_F(HttpClientFaultsTest, StopsFromAnotherThreadWhileItConnects) {
  const BlackHole hole;
  std::atomic<bool> is_sending = false;
  clock_.on_reading = [&](int /*reading*/) { is_sending = true; };
  const std::jthread stopper([&] {
    while (!is_sending) std::this_thread::yield();
    stop_.request_stop();
  });
  Expect(client_->Send(Request(hole.origin())), ErrorCode::kCancelled, "net:connect");
}

TEST_F(HttpClientFaultsTest, StopsWhileItShakesHands) {
  PeerServer server([&](PeerConnection& peer) {
    stop_.request_stop();
    peer.WaitForEnd();
  });
  ClientRequest request = Request(server.origin());
  request.origin.tls = true;
  // Plain connections are seen by the script once TCP stands, so that TLS may not have begun.
  const auto stopped = client_->Send(request);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_NE(stopped.error().origin, "net:http");
}

TEST_F(HttpClientFaultsTest, StopsInTheMiddleOfAnAnswer) {
  PeerServer server(
      [&](PeerConnection& peer) {
        peer.ReadRequest();
        peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        stop_.request_stop();
        peer.WaitForEnd();
      },
      {.identity = identity});
  Expect(client_->Send(Request(server.origin())), ErrorCode::kCancelled, "net:http");
}

TEST_F(HttpClientFaultsTest, StopsAtAnyPointOfARequest) {
  PeerServer server(Repeat(Answer("hello")), {.identity = identity});
  bool was_stopped = true;
  for (int at = 1; was_stopped; ++at) {
    SteeredClock clock;
    std::stop_source stop;
    clock.on_reading = [&](int reading) {
      if (reading == at) stop.request_stop();
    };
    auto client = HttpClient::Make({.user_agent = {}, .ca_file = authority->ca_file()}, clock);
    ASSERT_TRUE(client);
    ClientRequest request = Request(server.origin());
    request.deadline = Clock::SteadyTime::max();
    request.stop = stop.get_token();
    const auto result = (*client)->Send(request);
    was_stopped = stop.stop_requested();
    if (result) {
      EXPECT_EQ(result->body, "hello");
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::kCancelled) << at;
      EXPECT_TRUE(was_stopped);
    }
    ASSERT_LT(at, 1000);
  }
}

}  // namespace
}  // namespace revops::net
