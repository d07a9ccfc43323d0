#include "core/net/aws/lambda/gateway_event.h"

#include <algorithm>
#include <cstddef>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/base64.h"
#include "core/net/aws/canonical_request.h"
#include "core/net/http_syntax.h"

// Two shapes of one request. Members come and go over the years: those that are not named here are
// ignored, and every map may be null.
//
// Version 1 (REST): httpMethod, path (without stage), resource ("/api/{proxy+}"), decoded query
// parameters and fields, each in a map of last values and one of all values.
// Version 2 (HTTP API, function URL): version "2.0", rawPath (with the stage), rawQueryString,
// fields in lower case with repeated ones joined, cookies apart.

namespace revops::net {
namespace {

namespace json = boost::json;

/// Takes each value of a map, or of each list in a map.
template <class Take>
void ForEachValue(const json::object& map, const Take& take) {
  const auto text_of = [](const json::value& value) {
    return value.is_string() ? std::string_view(value.get_string()) : std::string_view();
  };
  for (const auto& [name, value] : map) {
    if (!value.is_array()) {
      take(std::string_view(name), text_of(value));
      continue;
    }
    for (const json::value& item : value.get_array()) take(std::string_view(name), text_of(item));
  }
}

const json::object& ObjectIn(const json::object& parent, std::string_view name) {
  static const json::object empty;
  const json::value* value = parent.if_contains(name);
  return value && value->is_object() ? value->get_object() : empty;
}

/// Empty when it is missing, null or no text.
std::string_view TextIn(const json::object& parent, std::string_view name) {
  const json::value* value = parent.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// The map of all values; that of the last ones where there is no other.
const json::object& AllValues(const json::object& event, std::string_view all,
                              std::string_view last) {
  const json::object& values = ObjectIn(event, all);
  return values.empty() ? ObjectIn(event, last) : values;
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Encodes what may not stand in a target; leaves what is encoded already.
std::string Encoded(std::string_view text, std::string_view allowed_marks) {
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '%' && text.size() - i > 2 && IsHexDigit(text[i + 1]) && IsHexDigit(text[i + 2]);
    const bool stays = is_escape || IsAlphanumeric(static_cast<unsigned char>(text[i])) ||
                       allowed_marks.find(text[i]) != std::string_view::npos;
    encoded += stays ? std::string(1, text[i]) : PercentEncoded(text.substr(i, 1));
  }
  return encoded;
}

/// "/api/{proxy+}" and {"proxy": "summary"} → "/api/summary"; empty where a value is missing.
std::string FilledIn(std::string_view route, const json::object& values) {
  std::string path;
  while (!route.empty()) {
    path += route.substr(0, route.find('{'));
    route.remove_prefix(std::min(route.size(), route.find('{')));
    if (route.empty()) break;
    std::string_view name = route.substr(1, std::min(route.find('}'), route.size()) - 1);
    route.remove_prefix(std::min(route.size(), name.size() + 2));
    if (name.ends_with('+')) name.remove_suffix(1);
    const std::string_view value = TextIn(values, name);
    if (value.empty()) return {};
    path += value;
  }
  return path;
}

/// The path of a route, without the base path of a domain or the stage that may precede it.
std::string PathFor(std::string_view path, std::string_view route, const json::object& event,
                    bool has_stage) {
  const std::string filled = FilledIn(route, ObjectIn(event, "pathParameters"));
  const std::string_view stage = TextIn(ObjectIn(event, "requestContext"), "stage");
  const std::string prefix = "/" + std::string(stage);
  if (filled.starts_with('/') && path.ends_with(filled)) {
    path = filled;
  } else if (has_stage && path == prefix) {
    path = "/";
  } else if (has_stage && !stage.empty() && path.starts_with(prefix + "/")) {
    path.remove_prefix(prefix.size());
  }
  return Encoded(path, "-._~/!$&'()*+,;=:@");
}

std::string QueryOf(const json::object& event) {
  std::string query;
  ForEachValue(AllValues(event, "multiValueQueryStringParameters", "queryStringParameters"),
               [&](std::string_view name, std::string_view value) {
                 query += (query.empty() ? "" : "&") + PercentEncoded(name) + "=" +
                          PercentEncoded(value);
               });
  return query;
}

void AddField(GatewayRequest& request, std::string_view name, std::string_view value) {
  if (IsToken(name) && IsAll(value, kValue)) request.fields.emplace_back(name, Trim(value));
}

void AddFields(GatewayRequest& request, const json::object& fields) {
  ForEachValue(fields, [&](std::string_view name, std::string_view value) {
    AddField(request, name, value);
  });
}

Result<std::string> BodyOf(const json::object& event) {
  const std::string_view body = TextIn(event, "body");
  const json::value* encoded = event.if_contains("isBase64Encoded");
  if (!encoded || !encoded->is_bool() || !encoded->get_bool()) return std::string(body);
  auto bytes = FromBase64(body);
  if (!bytes) return Fail(ErrorCode::kInvalidArgument, "the body is not base64");
  return *std::move(bytes);
}

GatewayRequest ReadVersion1(const json::object& event, const GatewayOptions& options) {
  GatewayRequest request;
  request.form = GatewayForm::kVersion1;
  request.method = TextIn(event, "httpMethod");
  const bool is_http_api = event.contains("version");
  request.path =
      PathFor(TextIn(event, "path"), TextIn(event, "resource"), event, /*has_stage=*/is_http_api);
  request.query = QueryOf(event);
  AddFields(request, AllValues(event, "multiValueHeaders", "headers"));
  if (!is_http_api && !options.rest_api_takes_binary) {
    std::erase_if(request.fields, [](const auto& field) {
      return EqualsIgnoreCase(field.first, "Accept-Encoding");
    });
  }
  return request;
}

GatewayRequest ReadVersion2(const json::object& event) {
  GatewayRequest request;
  request.form = GatewayForm::kVersion2;
  request.method = TextIn(ObjectIn(ObjectIn(event, "requestContext"), "http"), "method");
  std::string_view route = TextIn(event, "routeKey");  // "GET /api/{proxy+}" or "$default"
  route.remove_prefix(std::min(route.size(), route.find('/')));
  request.path = PathFor(TextIn(event, "rawPath"), route, event, /*has_stage=*/true);
  request.query = Encoded(TextIn(event, "rawQueryString"), "-._~/?!$&'()*+,;=:@[]|");
  AddFields(request, ObjectIn(event, "headers"));
  std::string cookies;
  const json::value* list = event.if_contains("cookies");
  for (const json::value& cookie : list && list->is_array() ? list->get_array() : json::array()) {
    if (!cookie.is_string()) continue;
    cookies.append(cookies.empty() ? "" : "; ").append(std::string_view(cookie.get_string()));
  }
  if (!cookies.empty()) AddField(request, "cookie", cookies);
  return request;
}

}  // namespace

Result<std::optional<GatewayRequest>> ReadGatewayEvent(std::string_view event,
                                                       const GatewayOptions& options) {
  boost::system::error_code error;
  const json::value value = json::parse(event, error);
  if (error || !value.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "the event is not a JSON object");
  }
  const json::object& members = value.get_object();
  const bool is_version_2 = TextIn(members, "version") == "2.0" && members.contains("rawPath");
  if (!is_version_2 && TextIn(members, "httpMethod").empty())
    return std::optional<GatewayRequest>();
  GatewayRequest request = is_version_2 ? ReadVersion2(members) : ReadVersion1(members, options);
  if (!IsToken(request.method) || !request.path.starts_with('/')) {
    return Fail(ErrorCode::kInvalidArgument, "the event has no method and path");
  }
  REVOPS_TRY_ASSIGN(request.body, BodyOf(members));
  return std::optional(std::move(request));
}

std::vector<HttpField> FieldsOf(const GatewayRequest& request) {
  std::vector<HttpField> views;
  views.reserve(request.fields.size());
  for (const auto& [name, value] : request.fields) views.push_back({name, value});
  return views;
}

}  // namespace revops::net
