// What TLS adds: whom the client trusts, and what it makes of a connection that only looks closed.

#include <atomic>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "core/net/client_peer_testing.h"
#include "core/net/http_client.h"

namespace revops::net {
namespace {

using ::testing::HasSubstr;

class HttpClientTlsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { authority = std::make_unique<TestAuthority>(); }
  static void TearDownTestSuite() { authority.reset(); }

  void SetUp() override {
    auto made = HttpClient::Make({.user_agent = {}, .ca_file = authority->ca_file()}, clock_);
    ASSERT_TRUE(made);
    client_ = std::move(made).value();
  }

  static TestIdentity Loopback() { return authority->Issue("DNS:localhost,IP:127.0.0.1"); }

  ClientRequest Request(const PeerServer& server, std::string host = "127.0.0.1") const {
    ClientRequest request;
    request.method = "GET";
    request.origin = server.origin();
    request.origin.host = std::move(host);
    request.target = "/";
    request.deadline = clock_.SteadyNow() + std::chrono::minutes(10);
    return request;
  }

  /// What becomes of a request to a server with that certificate.
  Result<ClientResponse> SendTo(TestIdentity identity, std::string host = "127.0.0.1") {
    PeerServer server(Repeat(Answer("hello")), {.identity = std::move(identity)});
    Result<ClientResponse> result = client_->Send(Request(server, std::move(host)));
    EXPECT_EQ(server.connections(), result ? 1 : 0);
    return result;
  }

  void ExpectRefused(const Result<ClientResponse>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kPermissionDenied);
    EXPECT_EQ(result.error().origin, "net:tls");
    EXPECT_THAT(result.error().message, HasSubstr("certificate"));
  }

  static std::unique_ptr<TestAuthority> authority;
  SteeredClock clock_;
  std::unique_ptr<HttpClient> client_;
};

std::unique_ptr<TestAuthority> HttpClientTlsTest::authority;

TEST_F(HttpClientTlsTest, TrustsACertificateForTheNameOrTheAddress) {
  EXPECT_TRUE(SendTo(Loopback()));
  EXPECT_TRUE(SendTo(Loopback(), "localhost"));
  EXPECT_TRUE(SendTo(authority->Issue("IP:127.0.0.1")));
  EXPECT_TRUE(SendTo(authority->Issue("DNS:localhost"), "localhost"));
}

TEST_F(HttpClientTlsTest, ReachesAnIpv6Address) {
  if (!HasIpv6()) GTEST_SKIP() << "this machine has no ::1";
  PeerServer server(Repeat(Answer("hello")),
                    {.identity = authority->Issue("IP:::1"), .is_ipv6 = true});
  EXPECT_TRUE(client_->Send(Request(server, "::1")));
  PeerServer other(Repeat(Answer("hello")),
                   {.identity = authority->Issue("IP:::2"), .is_ipv6 = true});
  ExpectRefused(client_->Send(Request(other, "::1")));
}

TEST_F(HttpClientTlsTest, RefusesACertificateForAnotherHost) {
  ExpectRefused(SendTo(authority->Issue("DNS:a.example"), "localhost"));
  ExpectRefused(SendTo(authority->Issue("DNS:localhost")));
  ExpectRefused(SendTo(authority->Issue("IP:127.0.0.1"), "localhost"));
  ExpectRefused(SendTo(authority->Issue("IP:127.0.0.2")));
  ExpectRefused(SendTo(authority->Issue("DNS:local*"), "localhost"));
  ExpectRefused(SendTo(authority->Issue("DNS:127.0.0.1")));
}

TEST_F(HttpClientTlsTest, TakesNoCommonNameForTheHost) {
  ExpectRefused(SendTo(authority->Issue("email:localhost"), "localhost"));
}

TEST_F(HttpClientTlsTest, RefusesACertificateOutOfItsTime) {
  const std::string names = "DNS:localhost,IP:127.0.0.1";
  ExpectRefused(SendTo(authority->Issue(names, TestAuthority::Validity::kOver)));
  ExpectRefused(SendTo(authority->Issue(names, TestAuthority::Validity::kNotYet)));
}

TEST_F(HttpClientTlsTest, RefusesACertificateThatNobodyVouchesFor) {
  ExpectRefused(SendTo(SelfSigned("DNS:localhost,IP:127.0.0.1")));
  const TestAuthority stranger;
  ExpectRefused(SendTo(stranger.Issue("DNS:localhost,IP:127.0.0.1")));
}

TEST_F(HttpClientTlsTest, TrustsTheSystemAloneWithoutAFile) {
  auto made = HttpClient::Make({.user_agent = {}, .ca_file = {}}, clock_);
  ASSERT_TRUE(made);
  client_ = std::move(made).value();
  ExpectRefused(SendTo(Loopback()));
}

TEST_F(HttpClientTlsTest, RefusesAFileThatHoldsNoCertificates) {
  for (const char* file : {"/nonexistent/ca.pem", "/dev/null", "/"}) {
    const auto made = HttpClient::Make({.user_agent = {}, .ca_file = file}, clock_);
    ASSERT_FALSE(made) << file;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(made.error().message, HasSubstr(file));
  }
}

TEST_F(HttpClientTlsTest, NamesTheHostToTheServerButNoAddress) {
  PeerServer server(Repeat(Answer("hello", "Connection: close\r\n")), {.identity = Loopback()});
  EXPECT_TRUE(client_->Send(Request(server, "localhost")));
  EXPECT_EQ(server.server_name(), "localhost");
  EXPECT_EQ(server.protocol(), "http/1.1");
  EXPECT_TRUE(client_->Send(Request(server)));
  EXPECT_EQ(server.server_name(), "");
}

TEST_F(HttpClientTlsTest, SpeaksTls12ButNothingOlder) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    PeerServer server(Repeat(Answer("hello")),
                      {.identity = Loopback(), .tls_version_max = version});
    EXPECT_TRUE(client_->Send(Request(server))) << version;
  }
  PeerServer server(Repeat(Answer("hello")),
                    {.identity = Loopback(), .tls_version_max = TLS1_1_VERSION});
  const auto refused = client_->Send(Request(server));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().origin, "net:tls");
}

TEST_F(HttpClientTlsTest, RefusesAPeerThatSpeaksNoTls) {
  for (const char* const greeting : {"HTTP/1.1 400 Bad Request\r\n\r\n", "220 smtp\r\n", ""}) {
    PeerServer server([&](PeerConnection& peer) { peer.Send(greeting); });
    ClientRequest request = Request(server);
    request.origin.tls = true;
    const auto refused = client_->Send(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(refused.error().origin, "net:tls");
  }
}

TEST_F(HttpClientTlsTest, KeepsItsConnection) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    PeerServer server(Repeat(Answer("hello")),
                      {.identity = Loopback(), .tls_version_max = version});
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(client_->Send(Request(server)));
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST_F(HttpClientTlsTest, CarriesLargeBodiesBothWays) {
  PeerServer server(
      [](PeerConnection& peer) {
        const std::string request = peer.ReadRequest();
        peer.Send(Answer(request.substr(request.find("\r\n\r\n") + 4)));
      },
      {.identity = Loopback()});
  ClientRequest request = Request(server);
  request.method = "POST";
  for (int i = 0; i < 3'000'000; ++i) request.body += static_cast<char>('a' + i % 23);
  const auto response = client_->Send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, request.body);
}

/// Answers one request and ends as it is told; `ended` counts.
PeerServer::Script AnswerOnce(std::atomic<int>& ended, void (PeerConnection::*end)()) {
  return [&ended, end](PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send(Answer("hello"));
    (peer.*end)();
    ++ended;
  };
}

TEST_F(HttpClientTlsTest, ReplacesAConnectionThatWasClosedWhileIdle) {
  for (void (PeerConnection::*end)() : {&PeerConnection::Close, &PeerConnection::Cut}) {
    std::atomic<int> ended = 0;
    PeerServer server(AnswerOnce(ended, end), {.identity = Loopback()});
    for (int i = 1; i <= 3; ++i) {
      ClientRequest request = Request(server);
      request.method = "POST";
      EXPECT_TRUE(client_->Send(request));
      while (ended < i) std::this_thread::yield();
    }
    EXPECT_EQ(server.connections(), 3);
  }
}

TEST_F(HttpClientTlsTest, BelievesAnEndWithNoticeAlone) {
  const std::string unframed = "HTTP/1.1 200 OK\r\n\r\nall of it";
  {
    PeerServer server(
        [&](PeerConnection& peer) {
          peer.ReadRequest();
          peer.Send(unframed);
          peer.Close();
        },
        {.identity = Loopback()});
    const auto whole = client_->Send(Request(server));
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->body, "all of it");
  }
  PeerServer server(
      [&](PeerConnection& peer) {
        peer.ReadRequest();
        peer.Send(unframed);
        peer.Cut();
      },
      {.identity = Loopback()});
  const auto cut = client_->Send(Request(server));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(cut.error().origin, "net:http");
}

}  // namespace
}  // namespace revops::net
