#include "core/mapping/json_fields.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"

namespace revops::mapping {

namespace json = boost::json;

const json::value* JsonFields::Find(std::string_view name) const {
  return object_.if_contains(name);
}

bool JsonFields::is_null(std::string_view name) const {
  const json::value* value = Find(name);
  return value == nullptr || value->is_null();
}

void JsonFields::Refuse(std::string_view name, std::string_view what) {
  if (!problem_) problem_ = "'" + std::string(name) + "' " + std::string(what);
}

std::string JsonFields::Text(std::string_view name) {
  const json::value* value = Find(name);
  if (value != nullptr && value->is_string()) return std::string(value->get_string());
  Refuse(name, "must be a text");
  return {};
}

std::optional<std::string> JsonFields::MaybeText(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return Text(name);
}

std::uint64_t JsonFields::Count(std::string_view name) {
  const json::value* value = Find(name);
  if (value != nullptr && value->is_int64() && value->get_int64() >= 0) {
    return static_cast<std::uint64_t>(value->get_int64());
  }
  if (value != nullptr && value->is_uint64()) return value->get_uint64();
  Refuse(name, "must be a whole number from 0 on");
  return 0;
}

bool JsonFields::Flag(std::string_view name) {
  const json::value* value = Find(name);
  if (value != nullptr && value->is_bool()) return value->get_bool();
  Refuse(name, "must be true or false");
  return false;
}

std::vector<std::string> JsonFields::Texts(std::string_view name) {
  std::vector<std::string> texts;
  for (const json::value& item : Array(name)) {
    if (!item.is_string()) {
      Refuse(name, "must be a list of texts");
      return {};
    }
    texts.emplace_back(item.get_string());
  }
  return texts;
}

const json::object& JsonFields::Object(std::string_view name) {
  static const json::object kEmpty;
  const json::value* value = Find(name);
  if (value != nullptr && value->is_object()) return value->get_object();
  Refuse(name, "must be an object");
  return kEmpty;
}

const json::array& JsonFields::Array(std::string_view name) {
  static const json::array kEmpty;
  const json::value* value = Find(name);
  if (value != nullptr && value->is_array()) return value->get_array();
  Refuse(name, "must be a list");
  return kEmpty;
}

std::optional<json::object> ParseJsonObject(std::string_view text) {
  constexpr std::size_t kDepthMax = 16;
  json::parse_options options;
  options.max_depth = kDepthMax;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

void AppendTexts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    AppendJsonString(out, text);
  }
  out += ']';
}

void AppendText(std::string& out, const std::optional<std::string>& text) {
  if (text) {
    AppendJsonString(out, *text);
  } else {
    out += "null";
  }
}

}  // namespace revops::mapping
