#include "core/api/json.h"

#include "core/base/logging.h"

namespace revops::api {

void AppendItem(std::string& out) {
  if (!out.empty() && out.back() != '[') out += ',';
}

void AppendName(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') out += ',';
  AppendJsonString(out, name);
  out += ':';
}

void AppendText(std::string& out, std::string_view name, std::optional<std::string_view> text) {
  AppendName(out, name);
  if (text) {
    AppendJsonString(out, *text);
  } else {
    out += "null";
  }
}

void AppendNumber(std::string& out, std::string_view name, std::uint64_t number) {
  AppendName(out, name);
  out += std::to_string(number);
}

void AppendFlag(std::string& out, std::string_view name, bool flag) {
  AppendName(out, name);
  out += flag ? "true" : "false";
}

void AppendInstant(std::string& out, std::string_view name, std::optional<Instant> instant) {
  AppendText(out, name, instant ? std::optional(revops::ToString(*instant)) : std::nullopt);
}

void AppendDate(std::string& out, std::string_view name, std::optional<Date> date) {
  AppendText(out, name, date ? std::optional(date->ToString()) : std::nullopt);
}

}  // namespace revops::api
