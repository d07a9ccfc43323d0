#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/base64.h"
#include "core/base/logging.h"
#include "core/net/aws/lambda/gateway_event.h"
#include "core/net/http_syntax.h"
#include "core/net/refusal.h"

// {"statusCode":200,"headers":{…},"multiValueHeaders":{…},"body":"…","isBase64Encoded":false};
// version 2 has "cookies" instead of the second map. Any other shape is a 502 for the browser.

namespace revops::net {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// What Lambda takes of a synchronous answer (its message: "exceeded maximum allowed payload size
/// (6291556 bytes)"), less a little.
constexpr std::size_t kAnswerBytesMax = 6'291'456;

std::size_t ContinuationBytes(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return 4;  // no lead byte
}

/// Without overlong forms, surrogates, and code points beyond U+10FFFF.
bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = ContinuationBytes(lead);
    if (more > 3 || text.size() - i <= more) return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0U) != 0x80) return false;
      point = (point << 6U) | (byte & 0x3FU);
    }
    if (more == 2 && (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))) return false;
    if (more == 3 && (point < 0x10000 || point > 0x10FFFF)) return false;
    i += more + 1;
  }
  return true;
}

/// The lines of prepared content as the pairs that they were made of.
Fields ReadLines(std::string_view head) {
  Fields fields;
  while (!head.empty()) {
    std::string_view line = TakeUntil(head, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string_view name = TakeUntil(line, ':');
    fields.emplace_back(name, Trim(line));
  }
  return fields;
}

struct Answer {
  int status = 200;
  Fields fields;
  std::string_view body;
};

Answer ToAnswer(const HttpResponse& response) {
  if (!response.prepared) return {response.status, response.headers, response.body};
  const std::string_view bytes = response.prepared->bytes;
  const std::size_t head = response.prepared->header_size;
  return {response.status, ReadLines(bytes.substr(0, head)), bytes.substr(head)};
}

bool IsText(const Answer& answer) {
  for (const auto& [name, value] : answer.fields) {
    if (EqualsIgnoreCase(name, "Content-Encoding") && !EqualsIgnoreCase(value, "identity")) {
      return false;
    }
  }
  return IsUtf8(answer.body);
}

/// Each name once, in the case in which it came first; the length is the gateway's to say.
std::map<std::string, std::vector<std::string>> Gathered(const Fields& fields) {
  std::map<std::string, std::vector<std::string>> gathered;
  for (const auto& [name, value] : fields) {
    if (EqualsIgnoreCase(name, "Content-Length")) continue;
    std::string key = name;
    for (const auto& [known, values] : gathered) {
      if (EqualsIgnoreCase(known, name)) key = known;
    }
    gathered[key].push_back(value);
  }
  return gathered;
}

void AppendList(std::string& json, const std::vector<std::string>& values) {
  char separator = '[';
  for (const std::string& value : values) {
    json += std::exchange(separator, ',');
    AppendJsonString(json, value);
  }
  json += ']';
}

std::string Joined(const std::vector<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + value;
  return joined;
}

/// Version 1 has a second map for fields that occur several times; version 2 one list for cookies.
void AppendFields(std::string& json, GatewayForm form, const Fields& fields) {
  std::string single;
  std::string multiple;
  std::string cookies;
  for (const auto& [name, values] : Gathered(fields)) {
    const bool is_cookie = EqualsIgnoreCase(name, "Set-Cookie");
    if (form == GatewayForm::kVersion2 && is_cookie) {
      cookies += ",\"cookies\":";
      AppendList(cookies, values);
      continue;
    }
    const bool is_list = form == GatewayForm::kVersion1 && values.size() > 1;
    std::string& map = is_list ? multiple : single;
    if (!map.empty()) map += ',';
    AppendJsonString(map, name);
    map += ':';
    is_list ? AppendList(map, values) : AppendJsonString(map, Joined(values));
  }
  json += ",\"headers\":{" + single + "}";
  if (!multiple.empty()) json += ",\"multiValueHeaders\":{" + multiple + "}";
  json += cookies;
}

std::string Rendered(GatewayForm form, const Answer& answer) {
  std::string json = "{\"statusCode\":" + std::to_string(answer.status);
  AppendFields(json, form, answer.fields);
  json += ",\"body\":";
  const bool is_text = IsText(answer);
  AppendJsonString(json, is_text ? answer.body : std::string_view(ToBase64(answer.body)));
  json += is_text ? ",\"isBase64Encoded\":false}" : ",\"isBase64Encoded\":true}";
  return json;
}

std::string Refused(GatewayForm form, const Refusal& refusal, std::string_view request_id) {
  const HttpResponse response = RefusalResponse(refusal, request_id);
  return Rendered(form, ToAnswer(response));
}

}  // namespace

std::string RenderGatewayAnswer(const GatewayRequest& request, const HttpResponse& response,
                                std::string_view request_id) {
  if (response.stream) {
    return Refused(request.form, {501, "Events are not streamed here: ask again instead."},
                   request_id);
  }
  Answer answer = ToAnswer(response);
  if (request.method == "HEAD") answer.body = {};
  std::string json = Rendered(request.form, answer);
  if (json.size() <= kAnswerBytesMax) return json;
  Log(LogLevel::kError, "answer_too_large",
      {{"request_id", request_id}, {"bytes", static_cast<std::int64_t>(json.size())}});
  return Refused(request.form, {500, "The answer is larger than 6 MB: ask for fewer rows."},
                 request_id);
}

}  // namespace revops::net
