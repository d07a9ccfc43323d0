#include "core/net/request_head.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::net {
namespace {

constexpr std::size_t kFieldsMax = 64;

struct Case {
  const char* name;
  std::string bytes;
  int status;
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

std::string Get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string Line(const std::string& line) { return line + "\r\nHost: a\r\n\r\n"; }

class RefusedHead : public ::testing::TestWithParam<Case> {};

TEST_P(RefusedHead, HasItsStatus) {
  RequestHead head;
  const auto refusal = ReadRequestHead(GetParam().bytes, kFieldsMax, head);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->status, GetParam().status);
  EXPECT_FALSE(refusal->message.empty());
}

std::string ManyFields(std::size_t count) {
  std::string fields;
  for (std::size_t i = 0; i < count; ++i) fields += "a: \r\n";
  return fields;
}

INSTANTIATE_TEST_SUITE_P(
    WhatTheStockParserAccepts, RefusedHead,
    ::testing::Values(
        Case{"gzip_then_length", Get("Transfer-Encoding: gzip\r\nContent-Length: 3\r\n"), 400},
        Case{"length_then_gzip", Get("Content-Length: 3\r\nTransfer-Encoding: gzip\r\n"), 400},
        Case{"xchunked", Get("Transfer-Encoding: xchunked\r\n"), 501},
        Case{"chunked_identity", Get("Transfer-Encoding: chunked, identity\r\n"), 400},
        Case{"identity_and_chunked",
             Get("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"chunked_on_1_0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
             400},
        Case{"obs_fold", Get("A: b\r\n c\r\n"), 400},
        Case{"obs_fold_tab", Get("A: b\r\n\tc\r\n"), 400},
        Case{"folded_encoding", Get("Transfer-Encoding:\r\n chunked\r\n"), 400},
        Case{"fold_before_any_field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        Case{"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
        Case{"no_host_1_0", "GET / HTTP/1.0\r\n\r\n", 400},
        Case{"two_hosts", Get("Host: a\r\n"), 400},
        Case{"two_different_hosts", Get("host: b\r\n"), 400},
        Case{"too_many_fields", Get(ManyFields(64)), 431},
        Case{"absolute_form", Line("GET http://a/ HTTP/1.1"), 400},
        Case{"fragment", Line("GET /a#b HTTP/1.1"), 400},
        Case{"byte_above_ascii", Line("GET /\xC3\xA9 HTTP/1.1"), 400},
        Case{"byte_ff", Line("GET /\xFF HTTP/1.1"), 400},
        Case{"unknown_method", Line("BREW / HTTP/1.1"), 501},
        Case{"lower_case_method", Line("get / HTTP/1.1"), 501},
        Case{"connect", Line("CONNECT a:443 HTTP/1.1"), 501},
        Case{"trace", Line("TRACE / HTTP/1.1"), 501}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Framing, RefusedHead,
    ::testing::Values(
        Case{"chunked_and_length", Get("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
        Case{"length_and_chunked", Get("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"two_lengths", Get("Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
        Case{"two_equal_lengths", Get("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
        Case{"list_of_lengths", Get("Content-Length: 3, 3\r\n"), 400},
        Case{"signed_length", Get("Content-Length: +3\r\n"), 400},
        Case{"negative_length", Get("Content-Length: -3\r\n"), 400},
        Case{"hex_length", Get("Content-Length: 0x3\r\n"), 400},
        Case{"empty_length", Get("Content-Length:\r\n"), 400},
        Case{"overflowing_length", Get("Content-Length: 18446744073709551619\r\n"), 400},
        Case{"chunked_twice", Get("Transfer-Encoding: chunked, chunked\r\n"), 400},
        Case{"two_chunked", Get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
             400},
        Case{"gzip_chunked", Get("Transfer-Encoding: gzip, chunked\r\n"), 501},
        Case{"identity", Get("Transfer-Encoding: identity\r\n"), 501},
        Case{"empty_encoding", Get("Transfer-Encoding:\r\n"), 501},
        Case{"chunked_with_parameter", Get("Transfer-Encoding: chunked;a=b\r\n"), 501},
        Case{"encoding_with_control",
             Get("Transfer-Encoding: \x0B"
                 "chunked\r\n"),
             400},
        Case{"malformed_connection", Get("Connection: close x\r\n"), 400},
        Case{"unknown_expectation", Get("Expect: 200-ok\r\n"), 400}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Syntax, RefusedHead,
    ::testing::Values(Case{"empty_line_first", "\r\n" + Get(""), 400},
                      Case{"two_spaces", Line("GET  / HTTP/1.1"), 400},
                      Case{"trailing_space", Line("GET / HTTP/1.1 "), 400},
                      Case{"leading_space", Line(" GET / HTTP/1.1"), 400},
                      Case{"tab_for_space", Line("GET\t/ HTTP/1.1"), 400},
                      Case{"http_0_9", Line("GET /"), 400},
                      Case{"http_1_2", Line("GET / HTTP/1.2"), 505},
                      Case{"http_2_0", Line("GET / HTTP/2.0"), 505},
                      Case{"lower_case_version", Line("GET / http/1.1"), 400},
                      Case{"long_version", Line("GET / HTTP/1.10"), 400},
                      Case{"no_method", Line(" / HTTP/1.1"), 400},
                      Case{"method_with_colon", Line("G:T / HTTP/1.1"), 400},
                      Case{"asterisk", Line("OPTIONS * HTTP/1.1"), 400},
                      Case{"relative_target", Line("GET a HTTP/1.1"), 400},
                      Case{"empty_target", Line("GET  HTTP/1.1"), 400},
                      Case{"nul_in_target", Line(std::string("GET /\0 HTTP/1.1", 15)), 400},
                      Case{"delete_in_target", Line("GET /\x7F HTTP/1.1"), 400},
                      Case{"return_in_target", Line("GET /\r HTTP/1.1"), 400},
                      Case{"space_before_colon", Get("A : b\r\n"), 400},
                      Case{"no_colon", Get("A\r\n"), 400}, Case{"empty_name", Get(": b\r\n"), 400},
                      Case{"name_with_separator", Get("A(b): c\r\n"), 400},
                      Case{"name_above_ascii", Get("\xC3\xA9: c\r\n"), 400},
                      Case{"nul_in_value", Get(std::string("A: b\0c\r\n", 8)), 400},
                      Case{"return_in_value", Get("A: b\rc\r\n"), 400},
                      Case{"line_feed_alone", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
                      Case{"line_feed_alone_in_fields", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
                      Case{"bytes_after_the_head", Get("") + "x", 400},
                      Case{"cut", "GET / HTTP/1.1\r\nHost: a\r\n", 400}, Case{"nothing", "", 400}),
    [](const auto& test) { return std::string(test.param.name); });

class MalformedHost : public ::testing::TestWithParam<const char*> {};

TEST_P(MalformedHost, IsRefused) {
  RequestHead head;
  const std::string bytes = "GET / HTTP/1.1\r\nHost: " + std::string(GetParam()) + "\r\n\r\n";
  const auto refusal = ReadRequestHead(bytes, kFieldsMax, head);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->status, 400);
}

INSTANTIATE_TEST_SUITE_P(RequestHead, MalformedHost,
                         ::testing::Values("", " ", "a b", "a@b", "a/b", "a:b", "a:", "a:65536",
                                           "a:999999", "a:-1", "http://a", "[::1", "::1", "[]",
                                           "[:]", "[::1]x", "[::g]", "a\"b", "a%20b", "a?b", "a#b",
                                           "\xC3\xA9.example", ":80", "a:1:2"));

class AcceptedHost : public ::testing::TestWithParam<const char*> {};

TEST_P(AcceptedHost, IsKept) {
  RequestHead head;
  const std::string bytes = "GET / HTTP/1.1\r\nHost:  " + std::string(GetParam()) + " \r\n\r\n";
  ASSERT_FALSE(ReadRequestHead(bytes, kFieldsMax, head).has_value());
  EXPECT_EQ(head.host, GetParam());
}

INSTANTIATE_TEST_SUITE_P(RequestHead, AcceptedHost,
                         ::testing::Values("a", "a:1", "example.com", "example.com:65535",
                                           "127.0.0.1:8080", "[::1]", "[::1]:80",
                                           "[::ffff:1.2.3.4]:8080", "my_host-1.internal"));

TEST(RequestHead, ReadsLineAndFields) {
  RequestHead head;
  const std::string bytes =
      "POST /api/sales?region=N%20W&x HTTP/1.1\r\n"
      "Host: localhost:8080\r\nX-Name: \t caf\xC3\xA9 \t\r\nX-Empty:\r\n"
      "Content-Length: 0042\r\n\r\n";
  ASSERT_FALSE(ReadRequestHead(bytes, kFieldsMax, head).has_value());
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/api/sales");
  EXPECT_EQ(head.query, "region=N%20W&x");
  EXPECT_EQ(head.host, "localhost:8080");
  EXPECT_EQ(head.content_length, 42U);
  EXPECT_TRUE(head.has_body());
  EXPECT_TRUE(head.keep_alive);
  ASSERT_EQ(head.fields.size(), 4U);
  EXPECT_EQ(head.fields[1].name, "X-Name");
  EXPECT_EQ(head.fields[1].value, "caf\xC3\xA9");
  EXPECT_EQ(head.fields[2].value, "");
}

TEST(RequestHead, ForgetsTheRequestBefore) {
  RequestHead head;
  ASSERT_FALSE(
      ReadRequestHead("PUT /a?b HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\n", kFieldsMax, head)
          .has_value());
  ASSERT_FALSE(ReadRequestHead(Get(""), kFieldsMax, head).has_value());
  EXPECT_EQ(head.content_length, 0U);
  EXPECT_EQ(head.query, "");
  EXPECT_FALSE(head.http_1_0);
  EXPECT_EQ(head.fields.size(), 1U);
}

TEST(RequestHead, TakesChunkedInAnyCase) {
  RequestHead head;
  ASSERT_FALSE(
      ReadRequestHead(Get("transfer-encoding: CHUNKED\r\n"), kFieldsMax, head).has_value());
  EXPECT_TRUE(head.chunked);
}

TEST(RequestHead, TakesAsManyFieldsAsAllowed) {
  RequestHead head;
  EXPECT_FALSE(ReadRequestHead(Get(ManyFields(63)), kFieldsMax, head).has_value());
}

struct KeepAliveCase {
  const char* version;
  const char* connection;
  bool keeps;
};

TEST(RequestHead, KnowsWhetherTheConnectionStaysOpen) {
  const KeepAliveCase cases[] = {
      {"1.1", "", true},
      {"1.1", "Connection: close\r\n", false},
      {"1.1", "Connection: x , CLOSE\r\n", false},
      {"1.1", "Connection: keep-alive, Upgrade\r\n", true},
      {"1.1", "Connection: x\r\nConnection: close\r\n", false},
      {"1.0", "", false},
      {"1.0", "Connection: Keep-Alive\r\n", true},
      {"1.0", "Connection: keep-alive, close\r\n", false},
  };
  for (const KeepAliveCase& of : cases) {
    RequestHead head;
    const std::string bytes =
        "GET / HTTP/" + std::string(of.version) + "\r\nHost: a\r\n" + of.connection + "\r\n";
    ASSERT_FALSE(ReadRequestHead(bytes, kFieldsMax, head).has_value());
    EXPECT_EQ(head.keep_alive, of.keeps) << bytes;
  }
}

TEST(RequestHead, ExpectsContinueOnlyOnHttp11) {
  RequestHead head;
  const std::string fields = "Host: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
  ASSERT_FALSE(ReadRequestHead("PUT / HTTP/1.1\r\n" + fields, kFieldsMax, head).has_value());
  EXPECT_TRUE(head.expects_continue);
  ASSERT_FALSE(ReadRequestHead("PUT / HTTP/1.0\r\n" + fields, kFieldsMax, head).has_value());
  EXPECT_FALSE(head.expects_continue);
}

TEST(HeadScanner, FindsTheEmptyLineHoweverTheBytesArrive) {
  const std::string bytes = Get("A: b\r\n") + "rest";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    HeadScanner scanner;
    auto result = HeadScanner::Result::kIncomplete;
    for (std::size_t size = 0; result == HeadScanner::Result::kIncomplete;) {
      ASSERT_LT(size, bytes.size());
      size = std::min(size + step, bytes.size());
      result = scanner.Scan(std::string_view(bytes).substr(0, size));
    }
    EXPECT_EQ(result, HeadScanner::Result::kComplete);
    EXPECT_EQ(scanner.size(), bytes.size() - 4);
  }
}

TEST(HeadScanner, StopsAtALineFeedOfItsOwn) {
  EXPECT_EQ(HeadScanner().Scan("GET / HTTP/1.1\n"), HeadScanner::Result::kBareLineFeed);
  EXPECT_EQ(HeadScanner().Scan("\n"), HeadScanner::Result::kBareLineFeed);
  EXPECT_EQ(HeadScanner().Scan("GET / HTTP/1.1\r\n\n"), HeadScanner::Result::kBareLineFeed);
  EXPECT_EQ(HeadScanner().Scan("GET / HTTP/1.1\r\nA: b\n"), HeadScanner::Result::kBareLineFeed);
}

}  // namespace
}  // namespace revops::net
