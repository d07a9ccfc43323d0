// The parts of the client that need no server.

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/client_exchange.h"
#include "core/net/client_origin.h"
#include "core/net/client_peer_testing.h"
#include "core/net/client_pool.h"
#include "core/net/client_request.h"
#include "core/net/client_resolver.h"

namespace revops::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ParseOrigin, TakesANameOrAnAddressWithOrWithoutAPort) {
  const struct {
    const char* url;
    const char* host;
    std::uint16_t port;
  } rows[] = {
      {"https://acme.example.com", "acme.example.com", 443},
      {"https://ACME.Example.com:8443", "acme.example.com", 8443},
      {"https://a", "a", 443},
      {"https://my_bucket.s3.eu-west-1.amazonaws.com", "my_bucket.s3.eu-west-1.amazonaws.com", 443},
      {"https://192.0.2.1:1", "192.0.2.1", 1},
      {"https://[2001:db8::1]", "2001:db8::1", 443},
      {"https://[::1]:65535", "::1", 65535},
  };
  for (const auto& row : rows) {
    const auto origin = ParseOrigin(row.url);
    ASSERT_TRUE(origin) << row.url;
    EXPECT_EQ(*origin, (HttpOrigin{.tls = true, .host = row.host, .port = row.port})) << row.url;
  }
}

TEST(ParseOrigin, RefusesAnythingElse) {
  for (const std::string url : {"",
                                "https://",
                                "http://a.example",
                                "HTTPS://a.example",
                                "a.example",
                                "https:a.example",
                                "https:///a",
                                "https://a.example/",
                                "https://a.example/path",
                                "https://a.example?x",
                                "https://a.example#x",
                                "https://user@a.example",
                                "https://user:secret@a.example",
                                "https://a.example:",
                                "https://a.example:0",
                                "https://a.example:65536",
                                "https://a.example:0443",
                                "https://a.example:+1",
                                "https://a.example:1x",
                                "https://a.example:443:443",
                                "https://:443",
                                "https://a..example",
                                "https://.example",
                                "https://a.example.",
                                "https://-a.example",
                                "https://a-.example",
                                "https://a b",
                                "https://\xc3\xa4.example",
                                "https://127.1",
                                "https://1.2.3.4.5",
                                "https://256.1.1.1",
                                "https://0x7f000001",
                                "https://2130706433",
                                "https://::1",
                                "https://[::1",
                                "https://::1]",
                                "https://[127.0.0.1]",
                                "https://[a.example]",
                                "https://[fe80::1%25eth0]",
                                "https://[]",
                                "https://[::1]x",
                                " https://a.example",
                                "https://a.example\r\n"}) {
    const auto origin = ParseOrigin(url);
    ASSERT_FALSE(origin) << url;
    EXPECT_EQ(origin.error().code, ErrorCode::kInvalidArgument) << url;
    EXPECT_THAT(origin.error().message, Not(HasSubstr("secret")));
  }
  EXPECT_FALSE(ParseOrigin("https://" + std::string(64, 'a')));
  EXPECT_TRUE(ParseOrigin("https://" + std::string(63, 'a')));
  EXPECT_FALSE(ParseOrigin(std::string("https://a\0b", 11)));
}

ClientRequest Get(std::string target = "/") {
  ClientRequest request;
  request.method = "GET";
  request.origin = {.tls = true, .host = "a.example", .port = 443};
  request.target = std::move(target);
  return request;
}

TEST(ClientRequest, IsRefusedWhereItIsNotOneMessage) {
  const auto refuses = [](const std::function<void(ClientRequest&)>& change) {
    ClientRequest request = Get();
    change(request);
    const auto result = CheckRequest(request);
    return !result && result.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(CheckRequest(Get("/a?b=c%20d&e")));
  for (const char* method : {"", "get", "PATCH", "OPTIONS", "CONNECT", "GET /", "GET\r\n"}) {
    EXPECT_TRUE(refuses([&](ClientRequest& request) { request.method = method; })) << method;
  }
  for (const char* target :
       {"", "a", "*", "https://a.example/", "/a b", "/a#b", "/a\r\nX: 1", "/\xc3\xa4", "/\x7f"}) {
    EXPECT_TRUE(refuses([&](ClientRequest& request) { request.target = target; })) << target;
  }
  for (const char* host : {"", "a b", "a/b", "a:1", "[::1]", "127.1", "a\r\nX: 1"}) {
    EXPECT_TRUE(refuses([&](ClientRequest& request) { request.origin.host = host; })) << host;
  }
  EXPECT_TRUE(refuses([](ClientRequest& request) { request.origin.port = 0; }));
  for (const char* name : {"", "X Y", "X:", "X\r\n", "Host", "content-length", "CONNECTION",
                           "Accept-Encoding", "Transfer-Encoding", "Expect", "Upgrade", "TE"}) {
    EXPECT_TRUE(refuses([&](ClientRequest& request) { request.headers = {{name, "1"}}; })) << name;
  }
  for (const char* value : {"a\r\nX: 1", "a\nb", "a\rb", "\x01", "\x7f"}) {
    EXPECT_TRUE(refuses([&](ClientRequest& request) { request.headers = {{"X", value}}; }));
  }
}

TEST(ClientRequest, ErrorsDoNotRepeatWhatMayBeSecret) {
  ClientRequest request = Get();
  request.headers = {{"Authorization", "Bearer secret\n"}};
  const auto result = CheckRequest(request);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("Authorization"));
  EXPECT_THAT(result.error().message, Not(HasSubstr("secret")));
}

TEST(ClientRequest, IsRenderedWithTheClientsFields) {
  ClientRequest request = Get("/x?y=1");
  request.headers = {{"Authorization", "Bearer t"}, {"X-A", ""}};
  EXPECT_EQ(RenderRequestHead(request, {.user_agent = "revops/1", .keep = true}),
            "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nUser-Agent: revops/1\r\n"
            "Authorization: Bearer t\r\nX-A: \r\nAccept-Encoding: gzip\r\n"
            "Connection: keep-alive\r\n\r\n");
  request.headers = {{"user-agent", "mine"}};
  EXPECT_EQ(RenderRequestHead(request, {.user_agent = "revops/1", .keep = false}),
            "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nuser-agent: mine\r\n"
            "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n");
}

TEST(ClientRequest, SaysTheLengthWhereABodyMayBe) {
  for (const char* method : {"POST", "PUT"}) {
    ClientRequest request = Get();
    request.method = method;
    EXPECT_THAT(RenderRequestHead(request, {}), HasSubstr("Content-Length: 0\r\n"));
    request.body = "hello";
    EXPECT_THAT(RenderRequestHead(request, {}), HasSubstr("Content-Length: 5\r\n"));
  }
  for (const char* method : {"GET", "HEAD", "DELETE"}) {
    ClientRequest request = Get();
    request.method = method;
    EXPECT_THAT(RenderRequestHead(request, {}), Not(HasSubstr("Content-Length")));
    request.body = "hello";
    EXPECT_THAT(RenderRequestHead(request, {}), HasSubstr("Content-Length: 5\r\n"));
  }
}

TEST(ClientRequest, NamesTheHostAsTheOriginDoes) {
  const struct {
    HttpOrigin origin;
    const char* host;
  } rows[] = {{{true, "a.example", 443}, "a.example"}, {{true, "a.example", 80}, "a.example:80"},
              {{false, "a.example", 80}, "a.example"}, {{false, "a.example", 443}, "a.example:443"},
              {{true, "127.0.0.1", 443}, "127.0.0.1"}, {{true, "::1", 443}, "[::1]"},
              {{false, "::1", 8080}, "[::1]:8080"}};
  for (const auto& row : rows) EXPECT_EQ(HostField(row.origin), row.host);
}

/// Waits of a test: a clock, and how long one is ready to wait.
class PatienceTest : public ::testing::Test {
 protected:
  std::unique_ptr<ClientPatience> Patience(milliseconds deadline = std::chrono::minutes(10)) {
    auto made = ClientPatience::Make(clock_, clock_.SteadyNow() + deadline, stop_.get_token());
    return std::move(made).value();
  }

  SteeredClock clock_;
  std::stop_source stop_;
};

class ClientResolverTest : public PatienceTest {
 protected:
  /// A resolver whose look-ups of "hangs" end with the test's release alone.
  std::unique_ptr<ClientResolver> Hanging() {
    auto released = std::make_shared<std::shared_future<void>>(release_.get_future().share());
    auto calls = calls_;
    return std::make_unique<ClientResolver>([released, calls](const std::string& host) {
      ++*calls;
      if (host.starts_with("hangs")) released->wait();
      return Result<std::vector<ClientAddress>>({*ParseAddress("127.0.0.1")});
    });
  }

  std::promise<void> release_;
  std::shared_ptr<std::atomic<int>> calls_ = std::make_shared<std::atomic<int>>(0);
};

TEST_F(ClientResolverTest, FindsLoopbackBySystem) {
  ClientResolver resolver;
  const auto patience = Patience();
  const auto addresses = resolver.Resolve("localhost", *patience, patience->deadline());
  ASSERT_TRUE(addresses);
  EXPECT_GE(addresses->size(), 1U);
}

TEST_F(ClientResolverTest, PassesTheReasonOn) {
  ClientResolver resolver([](const std::string& /*host*/) {
    return Result<std::vector<ClientAddress>>(
        Fail(ErrorCode::kUnavailable, "unknown", "net:connect"));
  });
  const auto patience = Patience();
  const auto addresses = resolver.Resolve("a.example", *patience, patience->deadline());
  ASSERT_FALSE(addresses);
  EXPECT_EQ(addresses.error().message, "unknown");
}

TEST_F(ClientResolverTest, LeavesALookUpBehindThatIsTooSlow) {
  const auto resolver = Hanging();
  const auto patience = Patience(milliseconds(20));
  const auto late = resolver->Resolve("hangs.example", *patience, patience->deadline());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(late.error().origin, "net:connect");
  const auto earlier = patience->Now() + milliseconds(10);
  const auto shorter = resolver->Resolve("hangs.example", *patience, patience->Until(earlier));
  ASSERT_FALSE(shorter);
  EXPECT_EQ(shorter.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(resolver->Resolve("a.example", *Patience(), Patience()->deadline()));
  EXPECT_EQ(*calls_, 2);
  release_.set_value();
}

TEST_F(ClientResolverTest, EndsWithTheStop) {
  const auto resolver = Hanging();
  const auto patience = Patience();
  std::jthread stopper([&] {
    while (*calls_ == 0) std::this_thread::yield();
    stop_.request_stop();
  });
  const auto stopped = resolver->Resolve("hangs.example", *patience, patience->deadline());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(stopped.error().origin, "net:connect");
  release_.set_value();
}

TEST_F(ClientResolverTest, LetsCallersOfOneNameWaitTogether) {
  const auto resolver = Hanging();
  const auto patience = Patience();
  std::vector<std::jthread> callers;
  std::atomic<int> found = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      if (resolver->Resolve("hangs.example", *patience, patience->deadline())) ++found;
    });
  }
  while (*calls_ == 0) std::this_thread::yield();
  release_.set_value();
  callers.clear();
  EXPECT_EQ(found, 8);
}

TEST_F(ClientResolverTest, BoundsTheThreadsThatHang) {
  const auto resolver = Hanging();
  const auto patience = Patience(milliseconds(1));
  for (std::size_t i = 0; i < ClientResolver::kLookUpsMax; ++i) {
    const auto late = resolver->Resolve("hangs" + std::to_string(i) + ".example", *patience,
                                        patience->deadline());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::kTimeout);
  }
  const auto refused = resolver->Resolve("a.example", *patience, patience->deadline());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("too many"));
  release_.set_value();
}

class ClientRateTest : public ::testing::Test {
 protected:
  /// Whether the deadline stays ahead when each second brings that much.
  bool Lasts(std::size_t bytes_per_second, int seconds) {
    ClientRate rate(256);
    for (int i = 0; i < seconds; ++i) {
      if (rate.deadline() && *rate.deadline() <= At(i)) return false;
      rate.Count(bytes_per_second, At(i), At(i));
    }
    return true;
  }

  static Clock::SteadyTime At(int seconds) {
    return Clock::SteadyTime(std::chrono::hours(1) + std::chrono::seconds(seconds));
  }
};

TEST_F(ClientRateTest, LastsAtTheMinimumAlone) {
  EXPECT_TRUE(Lasts(256, 10'000));
  EXPECT_FALSE(Lasts(250, 10'000));
  EXPECT_TRUE(Lasts(1, 10));
  EXPECT_FALSE(Lasts(1, 12));
}

TEST_F(ClientRateTest, AllowsAStallOfTenSecondsWhateverCameBefore) {
  ClientRate rate(256);
  EXPECT_EQ(rate.deadline(), std::nullopt);
  rate.Count(1, At(0), At(0));
  EXPECT_EQ(rate.deadline(), At(10));
  rate.Count(100'000, At(1), At(1));
  EXPECT_EQ(rate.deadline(), At(11));
  rate.Count(2'560, At(11), At(11));
  EXPECT_EQ(rate.deadline(), At(21));
}

TEST_F(ClientRateTest, CountsWhatArrivedWhileTheProcessStoodStill) {
  ClientRate rate(256);
  rate.Count(60 * 256, At(0), At(60));
  EXPECT_EQ(rate.deadline(), At(70));
}

/// Two ends of a connection.
struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
    ours = MakePlainStream(ClientFd(fds[0]));
    theirs = ClientFd(fds[1]);
  }

  std::unique_ptr<ClientStream> ours;
  ClientFd theirs;
};

/// Keeps `count` connections to one host after the other; `hosts[i % size]`.
class ClientPoolTest : public ::testing::Test {
 protected:
  static HttpOrigin Origin(const std::string& host) { return {true, host, 443}; }

  ClientStream* Keep(const std::string& host) {
    Pair& pair = pairs_.emplace_back();
    ClientStream* const stream = pair.ours.get();
    pool_.Keep(Origin(host), std::move(pair.ours));
    return stream;
  }

  SteeredClock clock_;
  ClientPool pool_{{.connections_max = 3, .idle_timeout = milliseconds(1000)}, clock_};
  std::deque<Pair> pairs_;
};

TEST_F(ClientPoolTest, GivesTheConnectionThatWasUsedLast) {
  Keep("a");
  ClientStream* const second = Keep("a");
  Keep("b");
  EXPECT_EQ(pool_.Take(Origin("a")).get(), second);
  EXPECT_NE(pool_.Take(Origin("a")), nullptr);
  EXPECT_EQ(pool_.Take(Origin("a")), nullptr);
}

TEST_F(ClientPoolTest, TellsOriginsApart) {
  Keep("a");
  EXPECT_EQ(pool_.Take({true, "a", 444}), nullptr);
  EXPECT_EQ(pool_.Take({false, "a", 443}), nullptr);
  EXPECT_EQ(pool_.Take(Origin("b")), nullptr);
  EXPECT_NE(pool_.Take(Origin("a")), nullptr);
}

TEST_F(ClientPoolTest, ClosesTheLongestIdleWhenThereAreTooMany) {
  for (const char* host : {"a", "b", "c", "d"}) Keep(host);
  char byte = 0;
  EXPECT_EQ(::recv(pairs_[0].theirs.get(), &byte, 1, 0), 0);
  EXPECT_EQ(pool_.Take(Origin("a")), nullptr);
  for (const char* host : {"b", "c", "d"}) EXPECT_NE(pool_.Take(Origin(host)), nullptr) << host;
}

TEST_F(ClientPoolTest, ClosesWhatIsIdleTooLong) {
  Keep("a");
  clock_.Advance(milliseconds(999));
  Keep("b");
  EXPECT_NE(pool_.Take(Origin("a")), nullptr);
  Keep("a");
  clock_.Advance(milliseconds(1000));
  EXPECT_EQ(pool_.Take(Origin("a")), nullptr);
  char byte = 0;
  EXPECT_EQ(::recv(pairs_[1].theirs.get(), &byte, 1, 0), 0);
}

TEST_F(ClientPoolTest, GivesNoConnectionThatIsClosedOrHasSomethingToRead) {
  Keep("a");
  pairs_[0].theirs = ClientFd();
  EXPECT_EQ(pool_.Take(Origin("a")), nullptr);
  ClientStream* const open = Keep("a");
  Keep("a");
  EXPECT_EQ(::send(pairs_[2].theirs.get(), "x", 1, MSG_NOSIGNAL), 1);
  EXPECT_EQ(pool_.Take(Origin("a")).get(), open);
}

/// A connection that does what it is told: each call takes the next step of its script. There is
/// always something to read.
class ScriptedStream final : public ClientStream {
 public:
  ScriptedStream() : ClientStream(ClientFd(::eventfd(1, EFD_CLOEXEC))) {}

  ClientIo Read(std::span<char> space) override {
    if (reads.empty()) return {ClientIo::Kind::kClosed, 0, 0};
    const std::string bytes = reads.front();
    reads.pop_front();
    return ClientIo::Moved(bytes.copy(space.data(), space.size()));
  }
  ClientIo Write(std::string_view bytes) override {
    if (writes_left == 0) return {ClientIo::Kind::kBroken, 0, 0};
    --writes_left;
    const std::size_t size = std::min(bytes.size(), write_size);
    written += bytes.substr(0, size);
    return ClientIo::Moved(size);
  }

  std::deque<std::string> reads;
  int writes_left = 1'000'000;
  std::size_t write_size = 1'000'000;
  std::string written;
};

class ClientExchangeTest : public PatienceTest {
 protected:
  std::unique_ptr<ClientExchange> Exchange(const ClientRequest& request) {
    return std::make_unique<ClientExchange>(stream_, request, RenderRequestHead(request, {}),
                                            *patience_, ClientExchange::Limits{1000, 256});
  }

  ScriptedStream stream_;
  std::unique_ptr<ClientPatience> patience_ = Patience();
};

TEST_F(ClientExchangeTest, SendsTheRequestInWhateverPieces) {
  ClientRequest request = Get("/x");
  request.method = "PUT";
  request.body = std::string(40'000, 'b');
  for (const std::size_t size : {1UL, 999UL, 1'000'000UL}) {
    stream_.write_size = size;
    stream_.written.clear();
    stream_.reads = {Answer("done")};
    const auto exchange = Exchange(request);
    const auto response = exchange->Run();
    ASSERT_TRUE(response);
    EXPECT_EQ(stream_.written, RenderRequestHead(request, {}) + request.body);
    EXPECT_TRUE(exchange->is_reusable());
  }
}

TEST_F(ClientExchangeTest, KnowsThatNothingWasSent) {
  const ClientRequest request = Get();
  stream_.writes_left = 0;
  const auto exchange = Exchange(request);
  const auto response = exchange->Run();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(exchange->has_sent());
  EXPECT_TRUE(exchange->was_closed());
  EXPECT_FALSE(exchange->is_reusable());
}

TEST_F(ClientExchangeTest, ReadsAnAnswerThatCameBeforeTheRequestWasSent) {
  ClientRequest request = Get();
  request.method = "POST";
  request.body = std::string(40'000, 'b');
  stream_.writes_left = 1;
  stream_.reads = {"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!"};
  const auto exchange = Exchange(request);
  const auto response = exchange->Run();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
  EXPECT_FALSE(exchange->is_reusable());
}

TEST_F(ClientExchangeTest, DoesNotTakeAnInterimAnswerForNone) {
  const ClientRequest request = Get();
  stream_.reads = {"HTTP/1.1 100 Continue\r\n\r\n"};
  const auto exchange = Exchange(request);
  EXPECT_FALSE(exchange->Run());
  EXPECT_FALSE(exchange->was_closed());
}

TEST_F(ClientExchangeTest, KeepsNoConnectionWithBytesBehindTheAnswer) {
  const ClientRequest request = Get();
  stream_.reads = {Answer("x") + "H"};
  const auto exchange = Exchange(request);
  EXPECT_TRUE(exchange->Run());
  EXPECT_FALSE(exchange->is_reusable());
}

}  // namespace
}  // namespace revops::net
