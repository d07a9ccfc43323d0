#include "core/net/http_syntax.h"

namespace revops::net {

std::string_view Trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view TakeUntil(std::string_view& rest, char mark) {
  const std::size_t at = rest.find(mark);
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

std::optional<std::string_view> TakeLine(std::string_view& bytes) {
  std::string_view line = TakeUntil(bytes, '\n');
  if (!line.ends_with('\r')) return std::nullopt;
  line.remove_suffix(1);
  return line;
}

std::string_view ReadFieldLine(std::string_view line, HttpField& field) {
  if (line.starts_with(' ') || line.starts_with('\t')) return "a field line is folded";
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) {
    return "malformed field name";
  }
  field = {line.substr(0, colon), Trim(line.substr(colon + 1))};
  if (!IsAll(field.value, kValue)) return "a field value holds a control character";
  return {};
}

std::optional<std::size_t> ReadContentLength(std::string_view text) {
  constexpr std::size_t kDigitsMax = 18;
  const bool is_number = !text.empty() && text.size() <= kDigitsMax &&
                         text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) return std::nullopt;
  std::size_t length = 0;
  for (const char c : text) length = length * 10 + static_cast<std::size_t>(c - '0');
  return length;
}

}  // namespace revops::net
