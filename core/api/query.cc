#include "core/api/query.h"

#include <utility>

namespace revops::api {
namespace {

constexpr std::size_t kQuotedNameMax = 64;

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = HexDigit(text[i + 1]);
    const auto low = HexDigit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

/// How many bytes follow a leading byte, and the bounds of the first of them: this alone tells
/// overlong forms, surrogates and what lies beyond U+10FFFF apart (Unicode 15, table 3-7).
struct Utf8Lead {
  std::size_t following = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

std::optional<Utf8Lead> ClassifyLead(unsigned char lead) {
  if (lead < 0x80) return Utf8Lead{0};
  if (lead < 0xC2 || lead > 0xF4) return std::nullopt;
  if (lead < 0xE0) return Utf8Lead{1};
  if (lead == 0xE0) return Utf8Lead{2, 0xA0, 0xBF};
  if (lead == 0xED) return Utf8Lead{2, 0x80, 0x9F};
  if (lead < 0xF0) return Utf8Lead{2};
  if (lead == 0xF0) return Utf8Lead{3, 0x90, 0xBF};
  if (lead == 0xF4) return Utf8Lead{3, 0x80, 0x8F};
  return Utf8Lead{3};
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = ClassifyLead(static_cast<unsigned char>(text[i++]));
    if (!lead || text.size() - i < lead->following) return false;
    for (std::size_t k = 0; k < lead->following; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if (byte < (k == 0 ? lead->low : 0x80) || byte > (k == 0 ? lead->high : 0xBF)) return false;
    }
  }
  return true;
}

std::optional<std::string> Decode(std::string_view text) {
  std::optional<std::string> decoded = DecodePercent(text);
  if (!decoded || !is_utf8(*decoded) || decoded->find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return decoded;
}

}  // namespace

Unexpected RefuseParameter(std::string_view name, std::string_view why) {
  std::string message = "Parameter '";
  message.append(name.substr(0, kQuotedNameMax)).append("' ").append(why).append(".");
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

Result<Query> Query::Parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string_view raw_name = pair.substr(0, equals);
    const std::string_view raw_value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    std::optional<std::string> name = Decode(raw_name);
    if (!name) return RefuseParameter(raw_name, "has a malformed name");
    std::optional<std::string> value = Decode(raw_value);
    if (!value) return RefuseParameter(*name, "is not percent-encoded UTF-8");
    query.parameters_.push_back({*std::move(name), *std::move(value)});
  }
  return query;
}

Result<std::optional<std::string>> Query::TakeSingle(std::string_view name) {
  std::vector<std::string> values = TakeAll(name);
  if (values.size() > 1) return RefuseParameter(name, "may be given once only");
  if (values.empty()) return std::optional<std::string>();
  return std::optional(std::move(values.front()));
}

std::vector<std::string> Query::TakeAll(std::string_view name) {
  std::vector<std::string> values;
  for (Parameter& parameter : parameters_) {
    if (parameter.name != name) continue;
    parameter.taken = true;
    values.push_back(parameter.value);
  }
  return values;
}

Result<void> Query::RefuseRest() const {
  for (const Parameter& parameter : parameters_) {
    if (!parameter.taken) return RefuseParameter(parameter.name, "is not known here");
  }
  return {};
}

Result<std::optional<std::uint64_t>> TakeLimit(Query& query, std::uint64_t max) {
  REVOPS_TRY_ASSIGN(const std::optional<std::string> text, query.TakeSingle("limit"));
  if (!text) return std::optional<std::uint64_t>();
  std::uint64_t limit = 0;
  bool valid = !text->empty() && text->size() <= 9;
  for (const char c : *text) {
    valid = valid && c >= '0' && c <= '9';
    if (valid) limit = limit * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (!valid || limit < 1 || limit > max) {
    return RefuseParameter("limit", "must be a whole number from 1 to " + std::to_string(max));
  }
  return std::optional(limit);
}

}  // namespace revops::api
