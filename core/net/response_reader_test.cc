#include "core/net/response_reader.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/net/client_identity_testing.h"

namespace revops::net {
namespace {

using Step = ResponseReader::Step;

constexpr ResponseReader::Limits kLimits{.head_bytes_max = 1024, .body_bytes_max = 1000};

struct Read {
  Step step = Step::kNeedMore;
  ClientResponse response;
  Error failure;
  std::string left;
  bool keeps_alive = false;
};

/// What becomes of a connection that brings `bytes` in pieces and then ends.
Read ReadAll(std::string_view bytes, bool to_head = false, std::size_t piece = 1 << 20) {
  ResponseReader reader(kLimits, to_head);
  Read read;
  while (read.step == Step::kNeedMore && !bytes.empty()) {
    std::string_view taken = bytes.substr(0, piece);
    const std::size_t size = taken.size();
    read.step = reader.Take(taken);
    bytes.remove_prefix(size - taken.size());
  }
  if (read.step == Step::kNeedMore) read.step = reader.End();
  read.failure = reader.failure();
  read.left = bytes;
  if (read.step != Step::kDone) return read;
  read.keeps_alive = reader.keeps_alive();
  read.response = reader.TakeResponse();
  return read;
}

/// The body, or why there is none.
std::string Body(std::string_view bytes, bool to_head = false) {
  Read read = ReadAll(bytes, to_head);
  return read.step == Step::kDone ? read.response.body : "! " + read.failure.message;
}

std::string Ok(const std::string& fields, const std::string& body) {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}

std::string WithLength(const std::string& fields, const std::string& body) {
  return Ok(fields + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string Chunked(const std::string& fields, const std::string& body, std::size_t chunk = 3) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += chunk) {
    const std::string data = body.substr(at, chunk);
    chunks += std::string(1, kDigits[data.size() / 16]) + kDigits[data.size() % 16] + "\r\n" +
              data + "\r\n";
  }
  return Ok(fields + "Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n");
}

const std::string kGzip = "Content-Encoding: gzip\r\n";

TEST(ResponseReader, ReadsStatusFieldsAndBody) {
  const Read read = ReadAll(
      "HTTP/1.1 404 Not Found at all\r\nX-A:  one \r\nx-a: two\r\nContent-Length: 5\r\n\r\nhello");
  ASSERT_EQ(read.step, Step::kDone);
  EXPECT_EQ(read.response.status, 404);
  EXPECT_EQ(read.response.header("X-a"), "one");
  EXPECT_EQ(read.response.header("content-LENGTH"), "5");
  EXPECT_EQ(read.response.header("X-B"), std::nullopt);
  EXPECT_EQ(read.response.headers.size(), 3U);
  EXPECT_EQ(read.response.body, "hello");
  EXPECT_TRUE(read.keeps_alive);
}

TEST(ResponseReader, TakesEveryStatusAsItComes) {
  for (const int status : {200, 201, 202, 206, 299, 301, 302, 307, 400, 408, 422, 429, 500, 599}) {
    const Read read = ReadAll("HTTP/1.1 " + std::to_string(status) +
                              " \r\nContent-Length: 1\r\nLocation: /elsewhere\r\n\r\nx");
    ASSERT_EQ(read.step, Step::kDone) << status;
    EXPECT_EQ(read.response.status, status);
    EXPECT_EQ(read.response.body, "x");
  }
}

TEST(ResponseReader, RefusesWhatIsNotHttp11) {
  for (const std::string line :
       {"HTTP/1.0 200 OK", "HTTP/2 200", "HTTP/1.2 200 OK", "http/1.1 200 OK", "ICY 200 OK",
        "HTTP/1.1 200", "HTTP/1.1  200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 x",
        "HTTP/1.1 600 x", "HTTP/1.1 2x0 OK", "HTTP/1.1\t200 OK", " HTTP/1.1 200 OK",
        "HTTP/1.1 200 O\x01K", "HTTP/1.1 -10 OK", "", "SSH-2.0-OpenSSH", "<html>"}) {
    const Read read = ReadAll(line + "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(read.step, Step::kFailed) << line;
    EXPECT_EQ(read.failure.code, ErrorCode::kUnavailable) << line;
    EXPECT_EQ(read.failure.origin, "net:http") << line;
  }
}

TEST(ResponseReader, RefusesMalformedFields) {
  for (const std::string field : {"X : 1", " X: 1", "\tX: 1", "X", ": 1", "X\x01: 1", "X: a\x01",
                                  "X: a\rb", "X: a\n b", "X: 1\r\n folded", "(X): 1", "X: \x7f"}) {
    EXPECT_EQ(ReadAll(Ok(field + "\r\nContent-Length: 0\r\n", "")).step, Step::kFailed) << field;
  }
  EXPECT_EQ(ReadAll(Ok(std::string("X: a\0b\r\nContent-Length: 0\r\n", 27), "")).step,
            Step::kFailed);
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\nContent-Length: 0\n\n").step, Step::kFailed);
}

TEST(ResponseReader, RefusesLengthsThatCouldBeReadInTwoWays) {
  for (const std::string fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1, 1\r\n", "Content-Length: +1\r\n", "Content-Length: -1\r\n",
        "Content-Length: 0x1\r\n", "Content-Length: 1 1\r\n", "Content-Length:\r\n",
        "Content-Length: 9999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding:\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    const Read read = ReadAll(Ok(fields, "1\r\nx\r\n0\r\n\r\n"));
    EXPECT_EQ(read.step, Step::kFailed) << fields;
    EXPECT_EQ(read.failure.code, ErrorCode::kUnavailable) << fields;
  }
}

TEST(ResponseReader, ReadsChunksAndDropsTrailers) {
  const std::string bytes =
      Ok("Transfer-Encoding: Chunked\r\n",
         "5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nX-Admin: 1\r\nETag: x\r\n\r\n");
  const Read read = ReadAll(bytes);
  ASSERT_EQ(read.step, Step::kDone);
  EXPECT_EQ(read.response.body, "hello!");
  EXPECT_EQ(read.response.header("X-Admin"), std::nullopt);
  EXPECT_EQ(read.response.headers.size(), 1U);
  EXPECT_TRUE(read.keeps_alive);
}

TEST(ResponseReader, RefusesMalformedChunks) {
  for (const std::string body :
       {"5\r\nhell\r\n0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "x\r\n", "\r\n", "-1\r\n", "0x5\r\n",
        "5 \r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "123456789\r\n",
        "0\r\nContent-Length: 1\r\n\r\n", "0\r\n bad\r\n\r\n"}) {
    EXPECT_EQ(ReadAll(Ok("Transfer-Encoding: chunked\r\n", body)).step, Step::kFailed) << body;
  }
}

TEST(ResponseReader, ReadsUntilTheEndWhereNothingElseIsSaid) {
  const Read read = ReadAll(Ok("", "all of it"));
  ASSERT_EQ(read.step, Step::kDone);
  EXPECT_EQ(read.response.body, "all of it");
  EXPECT_FALSE(read.keeps_alive);
}

TEST(ResponseReader, SkipsInterimAnswers) {
  const std::string interim =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  const Read read = ReadAll(interim + WithLength("X: 1\r\n", "body"));
  ASSERT_EQ(read.step, Step::kDone);
  EXPECT_EQ(read.response.status, 200);
  EXPECT_EQ(read.response.header("Link"), std::nullopt);
  EXPECT_EQ(read.response.body, "body");
  EXPECT_EQ(Body(interim), "! closed without an answer");
}

TEST(ResponseReader, BoundsInterimAnswersTogether) {
  std::string interim;
  for (int i = 0; i < 100; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(ReadAll(interim + WithLength("", "body")).step, Step::kFailed);
}

TEST(ResponseReader, RefusesAnotherProtocol) {
  EXPECT_EQ(Body("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n").front(), '!');
}

TEST(ResponseReader, KnowsAnswersWithoutABody) {
  const std::string next = "HTTP/1.1 200 OK\r\n";
  for (const std::string head :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nContent-Encoding: br\r\n\r\n"}) {
    const Read read = ReadAll(head + next);
    ASSERT_EQ(read.step, Step::kDone) << head;
    EXPECT_EQ(read.response.body, "");
    EXPECT_EQ(read.left, next) << head;
    EXPECT_TRUE(read.keeps_alive);
  }
  for (const std::string head : {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
                                 "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
                                 "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n"}) {
    EXPECT_EQ(ReadAll(head + "hello").step, Step::kFailed) << head;
  }
}

TEST(ResponseReader, ReadsNoBodyInAnswerToHead) {
  for (const std::string fields : {"Content-Length: 5000\r\n", "Transfer-Encoding: chunked\r\n", "",
                                   "Content-Length: 7\r\nContent-Encoding: zstd\r\n"}) {
    const Read read = ReadAll(Ok(fields, "next"), true);
    ASSERT_EQ(read.step, Step::kDone) << fields;
    EXPECT_EQ(read.response.body, "");
    EXPECT_EQ(read.left, "next");
    EXPECT_TRUE(read.keeps_alive);
  }
  EXPECT_EQ(ReadAll(Ok("Content-Length: 1\r\nContent-Length: 2\r\n", ""), true).step,
            Step::kFailed);
}

TEST(ResponseReader, KeepsTheConnectionUnlessItIsToClose) {
  EXPECT_TRUE(ReadAll(WithLength("Connection: keep-alive\r\n", "x")).keeps_alive);
  EXPECT_FALSE(ReadAll(WithLength("Connection: close\r\n", "x")).keeps_alive);
  EXPECT_FALSE(ReadAll(WithLength("connection: Keep-Alive , CLOSE\r\n", "x")).keeps_alive);
  EXPECT_FALSE(ReadAll(WithLength("Connection: x\r\nConnection: close\r\n", "x")).keeps_alive);
}

TEST(ResponseReader, LeavesWhatFollowsTheAnswer) {
  EXPECT_EQ(ReadAll(WithLength("", "body") + "more").left, "more");
  EXPECT_EQ(ReadAll(Chunked("", "body") + "more").left, "more");
  EXPECT_EQ(ReadAll(WithLength("", "") + "more").left, "more");
}

TEST(ResponseReader, BoundsTheHead) {
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
  const std::string fits(kLimits.head_bytes_max - start.size() - 4, 'x');
  EXPECT_EQ(ReadAll(start + fits + "\r\n\r\n").step, Step::kDone);
  EXPECT_EQ(ReadAll(start + fits + "x\r\n\r\n").step, Step::kFailed);
  EXPECT_EQ(ReadAll(start + fits + "x\r\n\r\n", false, 1).step, Step::kFailed);
  EXPECT_EQ(ReadAll(std::string(5000, 'x')).failure.code, ErrorCode::kUnavailable);
}

TEST(ResponseReader, BoundsTheBody) {
  const std::string most(kLimits.body_bytes_max, 'x');
  const std::string fields[] = {"", kGzip};
  for (const std::string& field : fields) {
    const bool packed = !field.empty();
    const auto body = [&](const std::string& text) { return packed ? Gzip(text) : text; };
    EXPECT_EQ(Body(WithLength(field, body(most))), most);
    EXPECT_EQ(Body(Chunked(field, body(most), 200)), most);
    EXPECT_EQ(Body(Ok(field, body(most))), most);
    for (const std::string& bytes :
         {WithLength(field, body(most + "x")), Chunked(field, body(most + "x"), 200),
          Ok(field, body(most + "x"))}) {
      EXPECT_EQ(ReadAll(bytes).failure.code, ErrorCode::kResourceExhausted);
      EXPECT_EQ(ReadAll(bytes, false, 1).failure.code, ErrorCode::kResourceExhausted);
    }
  }
  EXPECT_EQ(ReadAll(Ok("Content-Length: 1001\r\n", "")).failure.code,
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(ReadAll(Ok("Transfer-Encoding: chunked\r\n", "3e9\r\n")).failure.code,
            ErrorCode::kResourceExhausted);
}

TEST(ResponseReader, StopsABombAtTheLimit) {
  const std::string bomb = Gzip(std::string(8 << 20, '\0'));
  const Read read = ReadAll(WithLength(kGzip, bomb));
  EXPECT_EQ(read.failure.code, ErrorCode::kResourceExhausted);
}

TEST(ResponseReader, UnpacksGzip) {
  const std::string text = "a text that occurs, a text that occurs, a text that occurs";
  for (const std::string& fields : {kGzip, std::string("content-encoding: X-GZIP\r\n")}) {
    EXPECT_EQ(Body(WithLength(fields, Gzip(text))), text);
    EXPECT_EQ(Body(Chunked(fields, Gzip(text))), text);
    EXPECT_EQ(Body(Ok(fields, Gzip(text))), text);
    EXPECT_EQ(Body(WithLength(fields, Gzip(""))), "");
  }
  EXPECT_EQ(Body(WithLength("Content-Encoding: identity\r\n", "plain")), "plain");
  EXPECT_EQ(Body(WithLength(kGzip, "")), "");
}

TEST(ResponseReader, RefusesGzipThatIsNotOneWholeMember) {
  const std::string packed = Gzip("hello, hello, hello");
  EXPECT_EQ(ReadAll(WithLength(kGzip, packed + packed)).step, Step::kFailed);
  EXPECT_EQ(ReadAll(WithLength(kGzip, packed + "x")).step, Step::kFailed);
  EXPECT_EQ(ReadAll(WithLength(kGzip, packed + std::string(1, '\0'))).step, Step::kFailed);
  EXPECT_EQ(ReadAll(WithLength(kGzip, "hello")).step, Step::kFailed);
  EXPECT_EQ(ReadAll(Chunked(kGzip, "")).step, Step::kFailed);
  EXPECT_EQ(ReadAll(Ok(kGzip, "")).step, Step::kFailed);
  for (std::size_t size = 1; size < packed.size(); ++size) {
    for (const std::string& bytes :
         {WithLength(kGzip, packed.substr(0, size)), Chunked(kGzip, packed.substr(0, size)),
          Ok(kGzip, packed.substr(0, size))}) {
      const Read read = ReadAll(bytes);
      EXPECT_EQ(read.step, Step::kFailed) << size;
      EXPECT_EQ(read.failure.code, ErrorCode::kUnavailable) << size;
    }
  }
}

TEST(ResponseReader, NeverUnpacksDamageToSomethingElse) {
  const std::string text = "a text that occurs, a text that occurs";
  const std::string packed = Gzip(text);
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const Read read = ReadAll(WithLength(kGzip, damaged));
    if (read.step != Step::kDone) continue;
    EXPECT_EQ(read.response.body, text) << at;
  }
}

TEST(ResponseReader, RefusesCodingsThatWereNotAskedFor) {
  for (const std::string coding : {"br", "zstd", "deflate", "gzip, gzip", "compress", "gzip;q=1"}) {
    EXPECT_EQ(ReadAll(WithLength("Content-Encoding: " + coding + "\r\n", "x")).step, Step::kFailed)
        << coding;
  }
  EXPECT_EQ(ReadAll(WithLength(kGzip + kGzip, Gzip("x"))).step, Step::kFailed);
}

TEST(ResponseReader, MakesAnAnswerOfAllItsBytesAlone) {
  const std::string body = "the whole of it, and nothing but the whole of it";
  for (const std::string& bytes : {WithLength("", body), Chunked("", body),
                                   WithLength(kGzip, Gzip(body)), Chunked(kGzip, Gzip(body))}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(ReadAll(bytes.substr(0, size)).step, Step::kFailed) << size;
    }
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      EXPECT_EQ(ReadAll(bytes, false, piece).response.body, body) << piece;
    }
  }
}

TEST(ResponseReader, GivesBackWhateverBodyWasFramed) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const std::string body = bytes.substr(0, kLimits.body_bytes_max);
    const std::size_t chunk = *rc::gen::inRange<std::size_t>(1, 255);
    const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 64);
    for (const std::string& answer :
         {WithLength("", body), Chunked("", body, chunk), Ok("", body),
          WithLength(kGzip, Gzip(body)), Chunked(kGzip, Gzip(body), chunk)}) {
      const Read read = ReadAll(answer, false, piece);
      RC_ASSERT(read.step == Step::kDone);
      RC_ASSERT(read.response.body == body);
    }
  }));
}

}  // namespace
}  // namespace revops::net
