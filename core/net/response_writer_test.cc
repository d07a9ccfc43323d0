#include "core/net/response_writer.h"

#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/date_line.h"
#include "core/net/refusal.h"
#include "core/net/request_ids.h"

namespace revops::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr ResponseFrame kFrame{.date_line = "Date: D\r\n", .request_id = "ID"};
constexpr char kHead[] = "HTTP/1.1 200 OK\r\nDate: D\r\nX-Request-Id: ID\r\n";

std::string Text(ResponseWriter& writer) {
  std::string text;
  for (const iovec& part : writer.pending()) {
    text.append(static_cast<const char*>(part.iov_base), part.iov_len);
  }
  return text;
}

std::string Written(HttpResponse response, const ResponseFrame& frame = kFrame) {
  ResponseWriter writer;
  writer.Start(std::move(response), frame);
  return Text(writer);
}

HttpResponse Plain(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = std::move(body);
  return response;
}

HttpResponse Prepared(int status) {
  HttpResponse response;
  response.status = status;
  response.prepared = std::make_shared<PreparedContent>(
      PreparedContent{"ETag: \"e\"\r\nContent-Length: 4\r\n\r\nbody", 32});
  return response;
}

TEST(ResponseWriter, AddsItsFieldsAndTheLength) {
  EXPECT_EQ(Written(Plain(200, "hello")),
            std::string(kHead) + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(ResponseWriter, SendsPreparedBytesAsTheyAre) {
  EXPECT_EQ(Written(Prepared(200)),
            std::string(kHead) + "ETag: \"e\"\r\nContent-Length: 4\r\n\r\nbody");
}

TEST(ResponseWriter, LeavesTheBodyOutWhereThereIsNone) {
  ResponseFrame head_only = kFrame;
  head_only.head_only = true;
  EXPECT_THAT(Written(Prepared(200), head_only), testing::EndsWith("Content-Length: 4\r\n\r\n"));
  EXPECT_THAT(Written(Prepared(304)), testing::EndsWith("Content-Length: 4\r\n\r\n"));
  EXPECT_THAT(Written(Plain(200, "hello"), head_only),
              testing::EndsWith("Content-Length: 5\r\n\r\n"));
  for (const int status : {204, 304}) {
    const std::string text = Written(Plain(status, "hello"));
    EXPECT_THAT(text, testing::EndsWith("text/plain\r\n\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("Content-Length")));
  }
}

TEST(ResponseWriter, SaysWhatBecomesOfTheConnection) {
  ResponseFrame frame = kFrame;
  frame.close = true;
  EXPECT_THAT(Written(Plain(200, ""), frame), HasSubstr("\r\nConnection: close\r\n"));
  frame.http_1_0 = true;
  EXPECT_THAT(Written(Plain(200, ""), frame), HasSubstr("\r\nConnection: close\r\n"));
  frame.close = false;
  EXPECT_THAT(Written(Plain(200, ""), frame), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseWriter, AnnouncesAStream) {
  HttpResponse response = Plain(200, "");
  response.stream = [](const HttpStreamSink&) { return nullptr; };
  ResponseFrame frame = kFrame;
  frame.close = true;
  EXPECT_THAT(Written(response, frame), testing::EndsWith("Transfer-Encoding: chunked\r\n\r\n"));
  frame.http_1_0 = true;
  EXPECT_THAT(Written(response, frame), Not(HasSubstr("Transfer-Encoding")));
}

TEST(ResponseWriter, KeepsFramingToItself) {
  HttpResponse response = Plain(200, "hello");
  response.headers = {{"content-length", "7"}, {"Transfer-Encoding", "chunked"},
                      {"Connection", "x"},     {"Date", "x"},
                      {"x-request-id", "x"},   {"X-Own", "y"}};
  EXPECT_EQ(Written(response), std::string(kHead) + "X-Own: y\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(ResponseWriter, NeverSendsAFieldThatBreaksTheFraming) {
  const std::pair<std::string, std::string> bad[] = {{"X", "a\r\nSet-Cookie: b"},
                                                     {"X", "a\nb"},
                                                     {"X", std::string("a\0b", 3)},
                                                     {"X\r\nY", "a"},
                                                     {"", "a"},
                                                     {"X Y", "a"},
                                                     {"X:", "a"}};
  for (const auto& field : bad) {
    HttpResponse response = Plain(200, "hello");
    response.headers.push_back(field);
    const std::string text = Written(response);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("hello")));
  }
}

TEST(ResponseWriter, NeverSendsAnImpossibleStatus) {
  for (const int status : {-1, 0, 100, 199, 1000}) {
    EXPECT_THAT(Written(Plain(status, "")), StartsWith("HTTP/1.1 500 "));
  }
}

TEST(ResponseWriter, GoesOnWhereTheSocketStopped) {
  const std::string all = Written(Plain(200, "hello"));
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    ResponseWriter writer;
    writer.Start(Plain(200, "hello"), kFrame);
    writer.Consume(cut);
    EXPECT_EQ(Text(writer), all.substr(cut));
    EXPECT_EQ(writer.is_done(), cut == all.size());
  }
}

TEST(Refusal, HasTheErrorShape) {
  const HttpResponse response = RefusalResponse({400, "no \"Host\""}, "0a");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"error":{"code":"invalid_argument","message":"no \"Host\"",)"
                           R"("request_id":"0a","retryable":false}})");
  EXPECT_THAT(response.headers,
              testing::ElementsAre(testing::Pair("Content-Type", "application/json"),
                                   testing::Pair("X-Content-Type-Options", "nosniff"),
                                   testing::Pair("Cache-Control", "no-store")));
}

TEST(Refusal, NamesTheCodeOfEachStatus) {
  const std::pair<int, const char*> cases[] = {{408, "\"timeout\""},
                                               {413, "\"invalid_argument\""},
                                               {421, "\"invalid_argument\""},
                                               {431, "\"invalid_argument\""},
                                               {500, "\"internal\""},
                                               {501, "\"unsupported\""},
                                               {503, "\"resource_exhausted\""},
                                               {505, "\"unsupported\""}};
  for (const auto& [status, code] : cases) {
    EXPECT_THAT(RefusalResponse({status, "m"}, "0a").body, HasSubstr(code)) << status;
    EXPECT_NE(ReasonPhrase(status), "Unknown");
  }
  EXPECT_THAT(RefusalResponse({503, "m"}, "0a").headers,
              testing::Contains(testing::Pair("Retry-After", "1")));
}

TEST(DateLine, RendersTheTimeOfHttp) {
  DateLine date;
  EXPECT_EQ(date.At(*ParseInstant("1994-11-06T08:49:37.999Z")),
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(date.At(*ParseInstant("2028-02-29T23:59:59Z")),
            "Date: Tue, 29 Feb 2028 23:59:59 GMT\r\n");
  EXPECT_EQ(date.At(*ParseInstant("2026-12-31T00:00:00Z")),
            "Date: Thu, 31 Dec 2026 00:00:00 GMT\r\n");
}

TEST(RequestIds, AreHexAndDiffer) {
  RequestIds ids(0x0123456789ABCDEF, 7);
  RequestIds::Id first;
  RequestIds::Id second;
  ids.Next(first);
  ids.Next(second);
  EXPECT_EQ(std::string(first.data(), 16), "0123456789abcdef");
  EXPECT_NE(first, second);
  EXPECT_EQ(std::string(second.data(), 32).find_first_not_of("0123456789abcdef"),
            std::string::npos);
}

}  // namespace
}  // namespace revops::net
