#include "core/net/aws/lambda/gateway_event.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::net {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::SizeIs;

constexpr char kFolder[] = "contracts/goldens/aws/events";
constexpr char kId[] = "0123456789abcdef0123456789abcdef";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

json::value ToJson(const GatewayRequest& request) {
  json::array fields;
  for (const auto& [name, value] : request.fields) fields.push_back(json::array{name, value});
  return json::object{{"method", request.method},
                      {"path", request.path},
                      {"query", request.query},
                      {"fields", fields},
                      {"body", request.body}};
}

GatewayRequest Of(GatewayForm form, std::string method = "GET") {
  GatewayRequest request;
  request.form = form;
  request.method = std::move(method);
  return request;
}

json::object Render(const GatewayRequest& request, const HttpResponse& response) {
  return json::parse(RenderGatewayAnswer(request, response, kId)).as_object();
}

HttpResponse TextAnswer(std::string body) {
  HttpResponse response;
  response.headers = {{"Content-Type", "application/json"}, {"Vary", "Accept"}};
  response.body = std::move(body);
  return response;
}

TEST(GatewayEvent, ReadsTheDocumentedShapes) {
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
    const json::value golden = json::parse(ReadFile(file.path()));
    const auto read = ReadGatewayEvent(json::serialize(golden.at("event")), {});
    ASSERT_TRUE(read && *read) << file.path();
    EXPECT_EQ(json::serialize(ToJson(**read)), json::serialize(golden.at("request")))
        << file.path();
    ++seen;
  }
  EXPECT_GE(seen, 9U);
}

TEST(GatewayEvent, KeepsAcceptEncodingWhereTheRestApiPassesBinaryAnswersOn) {
  constexpr char kEvent[] =
      R"({"httpMethod":"GET","path":"/","headers":{"accept-encoding":"gzip"}})";
  EXPECT_THAT((*ReadGatewayEvent(kEvent, {}))->fields, SizeIs(0));
  EXPECT_THAT((*ReadGatewayEvent(kEvent, {.rest_api_takes_binary = true}))->fields, SizeIs(1));
}

TEST(GatewayEvent, OtherEventsAreNone) {
  for (const char* event : {"{}", R"({"job":"x"})", R"({"source":"aws.scheduler","version":"0"})",
                            R"({"httpMethod":null})", R"({"version":"2.0"})"}) {
    const auto read = ReadGatewayEvent(event, {});
    ASSERT_TRUE(read.has_value()) << event;
    EXPECT_FALSE(read->has_value()) << event;
  }
}

TEST(GatewayEvent, RefusesWhatIsNoRequest) {
  for (const char* event :
       {"", "[]", "{", R"({"httpMethod":"GET"})", R"({"httpMethod":"GET","path":"api"})",
        R"({"httpMethod":"G T","path":"/"})", R"({"version":"2.0","rawPath":"/"})",
        R"({"httpMethod":"GET","path":"/","body":"!!!!","isBase64Encoded":true})",
        R"({"httpMethod":"GET","path":"/","body":"abc","isBase64Encoded":true})"}) {
    const auto read = ReadGatewayEvent(event, {});
    ASSERT_FALSE(read.has_value()) << event;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument) << event;
  }
}

TEST(GatewayEvent, LeavesOutFieldsThatCouldNotStandInARequest) {
  const auto read = ReadGatewayEvent(
      R"({"httpMethod":"GET","path":"/a b","headers":{"A":"x\r\nB: y","C D":"z","E":7,"F":"ok"}})",
      {});
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->path, "/a%20b");
  const std::vector<HttpField> fields = FieldsOf(**read);
  ASSERT_THAT(fields, SizeIs(2));
  EXPECT_EQ(fields[0].value, "");
  EXPECT_EQ(fields[1].value, "ok");
}

TEST(GatewayAnswer, IsTheShapeThatGatewaysTake) {
  HttpResponse response = TextAnswer("{\"a\":\"é\\n\"}");
  response.headers.emplace_back("Set-Cookie", "a=1");
  response.headers.emplace_back("set-cookie", "b=2");
  EXPECT_EQ(RenderGatewayAnswer(Of(GatewayForm::kVersion1), response, kId),
            R"({"statusCode":200,"headers":{"Content-Type":"application/json","Vary":"Accept"},)"
            R"("multiValueHeaders":{"Set-Cookie":["a=1","b=2"]},)"
            R"("body":"{\"a\":\"é\\n\"}","isBase64Encoded":false})");
  EXPECT_EQ(RenderGatewayAnswer(Of(GatewayForm::kVersion2), response, kId),
            R"({"statusCode":200,"headers":{"Content-Type":"application/json","Vary":"Accept"},)"
            R"("cookies":["a=1","b=2"],"body":"{\"a\":\"é\\n\"}","isBase64Encoded":false})");
}

TEST(GatewayAnswer, JoinsRepeatedFieldsWhereThereIsOneMap) {
  HttpResponse response = TextAnswer("");
  response.headers.emplace_back("vary", "Origin");
  EXPECT_EQ(Render(Of(GatewayForm::kVersion2), response)["headers"].at("Vary"), "Accept, Origin");
}

TEST(GatewayAnswer, TakesPreparedContentApart) {
  auto content = std::make_shared<PreparedContent>();
  content->bytes = "Content-Type: text/plain\r\nETag: \"x:y\"\r\nContent-Length: 2\r\n\r\nhi";
  content->header_size = content->bytes.size() - 2;
  HttpResponse response;
  response.prepared = content;
  EXPECT_EQ(RenderGatewayAnswer(Of(GatewayForm::kVersion1), response, kId),
            R"({"statusCode":200,"headers":{"Content-Type":"text/plain","ETag":"\"x:y\""},)"
            R"("body":"hi","isBase64Encoded":false})");
}

TEST(GatewayAnswer, IsBase64WhereItIsEncodedOrNoText) {
  HttpResponse encoded = TextAnswer("abcd");
  encoded.headers.emplace_back("Content-Encoding", "br");
  EXPECT_EQ(Render(Of(GatewayForm::kVersion1), encoded)["body"], "YWJjZA==");
  EXPECT_EQ(Render(Of(GatewayForm::kVersion1), encoded)["isBase64Encoded"], true);
  for (const char* bytes : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82",
                            "\xF5\x80\x80\x80", "\xE0\x9F\xBF"}) {
    EXPECT_EQ(Render(Of(GatewayForm::kVersion1), TextAnswer(bytes))["isBase64Encoded"], true);
  }
  for (const char* text : {"", "a", "é", "€", "😀", "\xF4\x8F\xBF\xBF"}) {
    json::object answer = Render(Of(GatewayForm::kVersion1), TextAnswer(text));
    EXPECT_EQ(answer["isBase64Encoded"], false) << text;
    EXPECT_EQ(answer["body"], text);
  }
}

TEST(GatewayAnswer, HasNoBodyForHead) {
  EXPECT_EQ(Render(Of(GatewayForm::kVersion2, "HEAD"), TextAnswer("abc"))["body"], "");
}

TEST(GatewayAnswer, SaysThatItWouldBeTooLarge) {
  const std::string quotes(3'200'000, '"');  // two bytes each in JSON
  json::object answer = Render(Of(GatewayForm::kVersion1), TextAnswer(quotes));
  EXPECT_EQ(answer["statusCode"], 500);
  EXPECT_THAT(std::string(answer["body"].as_string()), HasSubstr(kId));
  EXPECT_EQ(Render(Of(GatewayForm::kVersion1), TextAnswer(quotes.substr(100'000)))["statusCode"],
            200);
}

TEST(GatewayAnswer, RefusesToStream) {
  HttpResponse response;
  response.stream = [](const HttpStreamSink&) { return nullptr; };
  EXPECT_EQ(Render(Of(GatewayForm::kVersion2), response)["statusCode"], 501);
}

}  // namespace
}  // namespace revops::net
