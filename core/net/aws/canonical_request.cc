#include "core/net/aws/canonical_request.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/http.h"
#include "core/net/client_origin.h"
#include "core/net/http_syntax.h"

// The canonical request, line by line: method, path, query, one line a signed field, an empty line,
// the names of the signed fields, the hash of the body.

namespace revops::net {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

void AppendEncoded(std::string& out, std::string_view text, std::string_view kept_marks) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsAlphanumeric(byte) || kept_marks.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
}

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

std::string PercentDecoded(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && text.size() - i > 2;
    const auto high = is_escape ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = is_escape ? HexDigit(text[i + 2]) : std::nullopt;
    if (high && low) {
      bytes += static_cast<char>((*high << 4U) | *low);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

/// Without empty segments, "." and "..".
std::string Normalised(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view segment = TakeUntil(rest, '/');
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string normalised;
  for (const std::string_view segment : kept) normalised.append("/").append(segment);
  if (kept.empty() || path.ends_with('/')) normalised += '/';
  return normalised;
}

std::string CanonicalPath(std::string_view path, bool keeps_path) {
  if (keeps_path) return std::string(path);
  std::string encoded;
  AppendEncoded(encoded, Normalised(path), "-._~/");
  return encoded;
}

/// Sorted by encoded name, then by encoded value; a parameter without value is "name=".
std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    std::string_view value = TakeUntil(query, '&');
    if (value.empty()) continue;
    const std::string_view name = TakeUntil(value, '=');
    parameters.emplace_back(PercentEncoded(PercentDecoded(name)),
                            PercentEncoded(PercentDecoded(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string canonical;
  for (const auto& [name, value] : parameters) {
    canonical.append(canonical.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return canonical;
}

/// Without blanks at the ends, every other run of blanks one space.
std::string CanonicalValue(std::string_view value) {
  std::string canonical;
  for (const char c : Trim(value)) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) {
      canonical += c;
    } else if (canonical.back() != ' ') {
      canonical += ' ';
    }
  }
  return canonical;
}

}  // namespace

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  AppendEncoded(encoded, text, "-._~");
  return encoded;
}

CanonicalRequest ToCanonical(const ClientRequest& request, const CanonicalForm& form) {
  std::map<std::string, std::string> fields = {{"host", HostField(request.origin)}};
  for (const auto& [name, value] : request.headers) {
    const std::string lower = Lower(name);
    if (lower == "host" || !form.is_signed(lower)) continue;
    const auto [field, is_new] = fields.try_emplace(lower);
    field->second += (is_new ? "" : ",") + CanonicalValue(value);
  }
  std::string lines;
  std::string names;
  for (const auto& [name, value] : fields) {
    lines += name + ":" + value + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  std::string_view query = request.target;
  const std::string_view path = TakeUntil(query, '?');
  return {request.method + "\n" + CanonicalPath(path, form.keeps_path) + "\n" +
              CanonicalQuery(query) + "\n" + lines + "\n" + names + "\n" + form.payload_hash,
          names};
}

}  // namespace revops::net
