#include "core/net/request_reader.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace revops::net {
namespace {

using Step = RequestReader::Step;

/// A reader and what it made of the bytes it was fed.
class RequestReaderTest : public ::testing::Test {
 protected:
  RequestReaderTest() {
    limits_.body_bytes_max = 1000;
    limits_.head_bytes_max = 1024;
  }

  /// Feeds as much as fits, then asks for the next step.
  Step Feed(RequestReader& reader, std::string_view& bytes, std::size_t most = 1 << 20) {
    const std::span<char> space = reader.space();
    const std::size_t size = std::min({space.size(), bytes.size(), most});
    std::memcpy(space.data(), bytes.data(), size);
    reader.Commit(size);
    bytes.remove_prefix(size);
    return Next(reader);
  }

  /// No body is streamed here.
  static Step Next(RequestReader& reader) {
    const Step step = reader.Next();
    return step == Step::kHead ? reader.Next() : step;
  }

  /// "METHOD path body" per request; the status of a refusal ends the list.
  std::vector<std::string> ReadAll(std::string_view bytes, std::size_t piece) {
    RequestReader reader(limits_, hosts_);
    std::vector<std::string> seen;
    while (true) {
      Step step = Feed(reader, bytes, piece);
      while (step == Step::kReady) {
        seen.push_back(std::string(reader.head().method) + " " + std::string(reader.head().path) +
                       " " + std::string(reader.body()));
        reader.Consume();
        step = Next(reader);
      }
      if (step == Step::kRefused) {
        seen.push_back(std::to_string(reader.refusal().status));
        return seen;
      }
      if (step == Step::kContinue) seen.emplace_back("continue");
      if (bytes.empty() && step == Step::kNeedMore) return seen;
    }
  }

  std::vector<std::string> ReadAll(std::string_view bytes) { return ReadAll(bytes, 1 << 20); }

  HttpLimits limits_;
  HostRules hosts_{"127.0.0.1", 80, {}};
};

using Seen = std::vector<std::string>;

const std::string kGet = "GET /g HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string Post(const std::string& fields, const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n" + body;
}

TEST_F(RequestReaderTest, ReadsTheSameRequestsHoweverTheBytesAreCut) {
  const std::string bytes = kGet + Post("Content-Length: 5\r\n", "hello") +
                            Post("Transfer-Encoding: chunked\r\n",
                                 "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Admin: 1\r\n\r\n") +
                            kGet + "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n" + kGet;
  const Seen expected = {"GET /g ", "POST /p hello", "POST /p hello!", "GET /g ", "501"};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    EXPECT_EQ(ReadAll(bytes, piece), expected) << "in pieces of " << piece;
  }
}

TEST_F(RequestReaderTest, PipelinesMoreThanItsBufferHolds) {
  std::string bytes;
  for (int i = 0; i < 2000; ++i) bytes += kGet;
  EXPECT_EQ(ReadAll(bytes).size(), 2000U);
  EXPECT_EQ(ReadAll(bytes, 777).size(), 2000U);
}

TEST_F(RequestReaderTest, RefusesAHeadThatIsTooLarge) {
  const std::string fits(limits_.head_bytes_max - kGet.size() - 5, 'a');
  const std::string head = kGet.substr(0, kGet.size() - 2);
  EXPECT_EQ(ReadAll(head + "b: " + fits + "\r\n\r\n"), Seen{"GET /g "});
  EXPECT_EQ(ReadAll(head + "b: " + fits + "a\r\n\r\n"), Seen{"431"});
  EXPECT_EQ(ReadAll(std::string(5000, 'a')), Seen{"431"});
  EXPECT_EQ(ReadAll(std::string(5000, 'a'), 1), Seen{"431"});
}

TEST_F(RequestReaderTest, RefusesABodyThatIsTooLarge) {
  EXPECT_EQ(ReadAll(Post("Content-Length: 1000\r\n", std::string(1000, 'x'))).front().size(),
            8 + 1000U);
  EXPECT_EQ(ReadAll(Post("Content-Length: 1001\r\n", "")), Seen{"413"});
  EXPECT_EQ(ReadAll(Post("Content-Length: 999999999999\r\n", "")), Seen{"413"});
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(ReadAll(Post(chunked, "3e9\r\n")), Seen{"413"});
  EXPECT_EQ(ReadAll(Post(chunked, "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n")), Seen{"413"});
  EXPECT_EQ(ReadAll(Post(chunked, "ffffffff\r\n")), Seen{"413"});
}

TEST_F(RequestReaderTest, RefusesForeignHosts) {
  EXPECT_EQ(ReadAll("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), Seen{"421"});
}

TEST_F(RequestReaderTest, RefusesABareLineFeedAtOnce) {
  EXPECT_EQ(ReadAll("GET / HTTP/1.1\n"), Seen{"400"});
}

TEST_F(RequestReaderTest, AsksForTheBodyOnce) {
  const std::string head = Post("Expect: 100-continue\r\nContent-Length: 2\r\n", "");
  EXPECT_EQ(ReadAll(head), Seen{"continue"});
  RequestReader reader(limits_, hosts_);
  std::string_view bytes = head;
  EXPECT_EQ(Feed(reader, bytes), Step::kContinue);
  bytes = "a";
  EXPECT_EQ(Feed(reader, bytes), Step::kNeedMore);
  bytes = "b";
  EXPECT_EQ(Feed(reader, bytes), Step::kReady);
  EXPECT_EQ(reader.body(), "ab");
}

TEST_F(RequestReaderTest, DoesNotAskForABodyThatIsThereOrNotWanted) {
  EXPECT_EQ(ReadAll(Post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab")),
            Seen{"POST /p ab"});
  EXPECT_EQ(ReadAll(Post("Expect: 100-continue\r\n", "")), Seen{"POST /p "});
  EXPECT_EQ(ReadAll(Post("Expect: 100-continue\r\nContent-Length: 2000\r\n", "")), Seen{"413"});
}

/// What a streamed body arrives as, whatever pieces the bytes come in.
TEST_F(RequestReaderTest, GivesALargeBodyOutInPieces) {
  const std::string body(700'000, 'x');
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 70'000)
    chunks += "11170\r\n" + body.substr(at, 70'000) + "\r\n";
  for (const bool chunked : {false, true}) {
    const std::string all = (chunked ? Post("Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n")
                                     : Post("Content-Length: 700000\r\n", body)) +
                            "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (const std::size_t most : {std::size_t{977}, std::size_t{1} << 20U}) {
      RequestReader reader(limits_, hosts_);
      std::string_view bytes = all;
      std::vector<std::size_t> pieces;
      Step step = Step::kNeedMore;
      while (step != Step::kReady) {
        const std::span<char> space = reader.space();
        const std::size_t size = std::min({space.size(), bytes.size(), most});
        std::memcpy(space.data(), bytes.data(), size);
        reader.Commit(size);
        bytes.remove_prefix(size);
        for (step = reader.Next(); step == Step::kHead || step == Step::kPiece;
             step = reader.Next()) {
          if (step == Step::kHead) reader.StreamBody(700'000);
          if (step == Step::kHead) continue;
          pieces.push_back(reader.body().size());
          reader.DropPiece();
        }
        ASSERT_NE(step, Step::kRefused) << reader.refusal().message;
      }
      EXPECT_EQ(reader.body(), "");
      EXPECT_GT(pieces.size(), 1U);
      EXPECT_EQ(std::accumulate(pieces.begin(), pieces.end(), std::size_t{0}), body.size());
      reader.Consume();
      step = reader.Next();
      while (step == Step::kNeedMore) step = Feed(reader, bytes, most);
      ASSERT_EQ(step, Step::kReady);
      EXPECT_EQ(reader.head().path, "/next");
    }
  }
}

TEST_F(RequestReaderTest, RefusesAStreamedBodyThatIsTooLarge) {
  for (const std::string& request :
       {Post("Content-Length: 2001\r\n", ""),
        Post("Transfer-Encoding: chunked\r\n", "3e8\r\n" + std::string(1000, 'x') + "\r\n3e9\r\n" +
                                                   std::string(1001, 'x') + "\r\n")}) {
    RequestReader reader(limits_, hosts_);
    std::string_view bytes = request;
    const std::span<char> space = reader.space();
    std::memcpy(space.data(), bytes.data(), bytes.size());
    reader.Commit(bytes.size());
    ASSERT_EQ(reader.Next(), Step::kHead);
    reader.StreamBody(2000);
    ASSERT_EQ(reader.Next(), Step::kRefused);
    EXPECT_EQ(reader.refusal().status, 413);
  }
}

TEST_F(RequestReaderTest, DropsTrailers) {
  RequestReader reader(limits_, hosts_);
  const std::string all =
      Post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nX-Admin: 1\r\n\r\n");
  std::string_view bytes = all;
  ASSERT_EQ(Feed(reader, bytes), Step::kReady);
  EXPECT_EQ(reader.head().fields.size(), 2U);
}

TEST_F(RequestReaderTest, IsIdleOnlyBetweenRequests) {
  RequestReader reader(limits_, hosts_);
  EXPECT_TRUE(reader.is_idle());
  std::string_view bytes = "G";
  EXPECT_EQ(Feed(reader, bytes), Step::kNeedMore);
  EXPECT_FALSE(reader.is_idle());
}

struct ChunkCase {
  const char* body;
  const char* seen;
};

TEST_F(RequestReaderTest, ReadsChunksStrictly) {
  const ChunkCase cases[] = {
      {"0\r\n\r\n", "POST /p "},
      {"000\r\n\r\n", "POST /p "},
      {"A\r\n0123456789\r\n0\r\n\r\n", "POST /p 0123456789"},
      {"1;x=\"y; \\\"z\\\\\";w=v\r\na\r\n0;z\r\n\r\n", "POST /p a"},
      {"1;\r\na\r\n0\r\n\r\n", "400"},
      {"1;=b\r\na\r\n0\r\n\r\n", "400"},
      {"1;a=\r\na\r\n0\r\n\r\n", "400"},
      {"1;a b\r\na\r\n0\r\n\r\n", "400"},
      {"1;a=\"b\r\na\r\n0\r\n\r\n", "400"},
      {"1;a=\"b\\\r\na\r\n0\r\n\r\n", "400"},
      {"1;a=\"b\"c\r\na\r\n0\r\n\r\n", "400"},
      {"1;\xFF\r\na\r\n0\r\n\r\n", "400"},
      {"1\r\na\r\n0\r\nA: b\r\nC: \r\n\r\n", "POST /p a"},
      {"\r\n", "400"},
      {"x\r\n", "400"},
      {"0x1\r\na\r\n", "400"},
      {" 1\r\na\r\n", "400"},
      {"1 \r\na\r\n", "400"},
      {"+1\r\na\r\n", "400"},
      {"-1\r\na\r\n", "400"},
      {"1\na\r\n", "400"},
      {"1\r\nab\r\n", "400"},
      {"1\r\na\n", "400"},
      {"1\r\na0\r\n\r\n", "400"},
      {"100000000\r\n", "400"},
      {"1;a\nb\r\na\r\n", "400"},
      {"1;a\rb\r\na\r\n", "400"},
      {"0\r\n\n", "400"},
      {"0\r\nA b: c\r\n\r\n", "400"},
      {"0\r\n: c\r\n\r\n", "400"},
      {"0\r\nA\r\n\r\n", "400"},
      {"0\r\n A: b\r\n\r\n", "400"},
      {"0\r\nA: b\n\r\n", "400"},
      {"0\r\nA: \x01\r\n\r\n", "400"},
      {"0\r\nContent-Length: 1\r\n\r\n", "400"},
      {"0\r\nA: b\r\ntransfer-encoding: chunked\r\n\r\n", "400"},
      {"0\r\nHost: b\r\n\r\n", "400"},
      {"0\r\nConnection: close\r\n\r\n", "400"},
  };
  for (const ChunkCase& of : cases) {
    const std::string bytes = Post("Transfer-Encoding: chunked\r\n", of.body);
    EXPECT_EQ(ReadAll(bytes), Seen{of.seen}) << of.body;
    EXPECT_EQ(ReadAll(bytes, 1), Seen{of.seen}) << of.body;
  }
}

TEST_F(RequestReaderTest, BoundsWhatChunksCarryBesidesTheBody) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(ReadAll(Post(chunked, "1;" + std::string(1100, 'a') + "\r\nb\r\n0\r\n\r\n")),
            Seen{"413"});
  std::string trailers;
  for (int i = 0; i < 300; ++i) trailers += "a: b\r\n";
  EXPECT_EQ(ReadAll(Post(chunked, "0\r\n" + trailers + "\r\n")), Seen{"413"});
}

}  // namespace
}  // namespace revops::net
