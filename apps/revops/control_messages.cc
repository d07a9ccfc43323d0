#include "apps/revops/control_messages.h"

#include <array>
#include <utility>

#include <boost/json.hpp>

#include "core/base/logging.h"

namespace revops::app {
namespace {

constexpr std::array kCodes = {
    ErrorCode::kInvalidArgument, ErrorCode::kNotFound,          ErrorCode::kAlreadyExists,
    ErrorCode::kUnauthenticated, ErrorCode::kPermissionDenied,  ErrorCode::kUnavailable,
    ErrorCode::kTimeout,         ErrorCode::kResourceExhausted, ErrorCode::kCorrupt,
    ErrorCode::kUnsupported,     ErrorCode::kCancelled,         ErrorCode::kInternal,
};

/// Of a text in a 'D' frame: escaped six times as long, three of them still fit a frame.
constexpr std::size_t kDoneTextMax = std::size_t{32} << 10U;

ErrorCode ParseCode(std::string_view text) {
  for (const ErrorCode code : kCodes) {
    if (ToString(code) == text) return code;
  }
  return ErrorCode::kInternal;
}

std::string Text(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// Texts come from engines and file names: what is not UTF-8 in them is replaced.
void AppendMember(std::string& json, std::string_view name, std::string_view text) {
  json += ',';
  AppendJsonString(json, name);
  json += ':';
  AppendJsonString(json, text.substr(0, kDoneTextMax));
}

}  // namespace

Result<std::string> EncodeRequest(const CommandRequest& request) {
  boost::json::object arguments;
  for (const auto& [name, value] : request.arguments) arguments[name] = value;
  const boost::json::object message{{"command", request.name}, {"arguments", arguments}};
  std::string payload = boost::json::serialize(message);
  if (payload.size() > kFrameBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, "the command is longer than a mebibyte");
  }
  if (!ParseRequest({'R', payload})) {
    return Fail(ErrorCode::kInvalidArgument, "an argument of the command is not UTF-8 text");
  }
  return payload;
}

Result<CommandRequest> ParseRequest(const Frame& frame) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(frame.payload, error);
  const auto malformed = [] { return Fail(ErrorCode::kInvalidArgument, "malformed command"); };
  if (error || frame.type != 'R' || !value.is_object()) return malformed();
  const auto* name = value.as_object().if_contains("command");
  const auto* arguments = value.as_object().if_contains("arguments");
  if (!name || !name->is_string() || !arguments || !arguments->is_object()) return malformed();
  CommandRequest request{std::string(name->as_string()), {}};
  for (const auto& [key, argument] : arguments->as_object()) {
    if (!argument.is_string()) return malformed();
    request.arguments.emplace(key, argument.as_string());
  }
  return request;
}

std::string EncodeDone(const Result<void>& result) {
  if (result) return R"({"ok":true})";
  std::string json = R"({"ok":false)";
  AppendMember(json, "code", ToString(result.error().code));
  AppendMember(json, "message", result.error().message);
  AppendMember(json, "origin", result.error().origin);
  AppendMember(json, "context", result.error().context);
  return json + "}";
}

Result<void> ParseDone(std::string_view payload) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(payload, error);
  const auto* done = error ? nullptr : value.if_object();
  const auto* ok = done ? done->if_contains("ok") : nullptr;
  if (!ok || !ok->is_bool()) return Fail(ErrorCode::kCorrupt, "malformed answer");
  if (ok->as_bool()) return {};
  return Fail(Error{ParseCode(Text(*done, "code")), Text(*done, "message"), Text(*done, "origin"),
                    Text(*done, "context")});
}

}  // namespace revops::app
