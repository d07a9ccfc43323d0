#include "fuzz/gateway_event_check.h"

#include <optional>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "core/base/check.h"
#include "core/net/aws/lambda/gateway_event.h"
#include "core/net/http_syntax.h"

namespace revops::fuzz {
namespace {

namespace json = boost::json;

void CheckForm(const net::GatewayRequest& request) {
  REVOPS_CHECK(net::IsToken(request.method));
  REVOPS_CHECK(request.path.starts_with('/'));
  REVOPS_CHECK(request.path.find('?') == std::string::npos);
  REVOPS_CHECK(net::IsAll(request.path, net::kTarget));
  REVOPS_CHECK(net::IsAll(request.query, net::kTarget));
  for (const HttpField& field : net::FieldsOf(request)) {
    REVOPS_CHECK(net::IsToken(field.name));
    REVOPS_CHECK(net::IsAll(field.value, net::kValue));
    REVOPS_CHECK(net::Trim(field.value) == field.value);
  }
}

void CheckOtherGateway(const net::GatewayRequest& request) {
  const json::object http{{"method", request.method}};
  const std::string event =
      json::serialize(json::object{{"version", "2.0"},
                                   {"rawPath", request.path},
                                   {"rawQueryString", request.query},
                                   {"requestContext", json::object{{"http", http}}}});
  const auto again = net::ReadGatewayEvent(event, {});
  REVOPS_CHECK(again && *again);
  REVOPS_CHECK((*again)->method == request.method);
  REVOPS_CHECK((*again)->path == request.path);
  REVOPS_CHECK((*again)->query == request.query);
}

void CheckAnswer(const net::GatewayRequest& request, std::string_view bytes) {
  HttpResponse response;
  response.headers = request.fields;
  response.body = bytes;
  boost::system::error_code error;
  const json::value answer =
      json::parse(net::RenderGatewayAnswer(request, response, "0123456789abcdef"), error);
  REVOPS_CHECK(!error);
  REVOPS_CHECK(answer.at("statusCode").is_int64());
  REVOPS_CHECK(answer.at("headers").is_object());
  REVOPS_CHECK(answer.at("body").is_string());
  REVOPS_CHECK(answer.at("isBase64Encoded").is_bool());
}

}  // namespace

void CheckGatewayEvent(std::string_view bytes) {
  const auto read = net::ReadGatewayEvent(bytes, {.rest_api_takes_binary = true});
  if (!read) {
    REVOPS_CHECK(read.error().code == ErrorCode::kInvalidArgument);
    REVOPS_CHECK(!read.error().message.empty());
    return;
  }
  if (!*read) return;
  CheckForm(**read);
  CheckOtherGateway(**read);
  CheckAnswer(**read, bytes);
  CheckAnswer(**read, (*read)->body);
}

}  // namespace revops::fuzz
