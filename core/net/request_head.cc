// RFC 9112, one reading only:
//   request-line = method SP origin-form SP "HTTP/1." ("0" / "1") CRLF
//   field-line   = token ":" OWS value OWS CRLF          (no obs-fold, no space before the colon)
//   framing      = one Content-Length, or Transfer-Encoding of exactly "chunked" on HTTP/1.1

#include "core/net/request_head.h"

#include <algorithm>
#include <utility>

#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::string_view kMethods[] = {"GET",     "HEAD", "POST", "DELETE",
                                         "OPTIONS", "PUT",  "PATCH"};
constexpr std::string_view kBareLine = "a line does not end with CRLF";

std::optional<Refusal> BadRequest(std::string_view message) { return Refusal{400, message}; }

std::optional<Refusal> ReadVersion(std::string_view version, RequestHead& head) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.http_1_0 = version.back() == '0';
    return std::nullopt;
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                           is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
  if (!well_formed) return BadRequest("malformed request line");
  return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
}

std::optional<Refusal> ReadRequestLine(std::string_view line, RequestHead& head) {
  if (std::count(line.begin(), line.end(), ' ') != 2) return BadRequest("malformed request line");
  head.method = TakeUntil(line, ' ');
  std::string_view target = TakeUntil(line, ' ');
  if (!IsToken(head.method)) return BadRequest("malformed method");
  if (auto refusal = ReadVersion(line, head)) return refusal;
  if (std::find(std::begin(kMethods), std::end(kMethods), head.method) == std::end(kMethods)) {
    return Refusal{501, "unknown method"};
  }
  if (target.empty() || target.front() != '/') {
    return BadRequest("the request target must be a path that starts with '/'");
  }
  if (!IsAll(target, kTarget)) {
    return BadRequest("the request target holds a character that must be percent-encoded");
  }
  head.path = TakeUntil(target, '?');
  head.query = target;
  return std::nullopt;
}

bool IsPort(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= 65535;
}

bool IsBracketedAddress(std::string_view text) {
  if (text.size() < 4 || text.front() != '[' || text.back() != ']') return false;
  const std::string_view address = text.substr(1, text.size() - 2);
  return address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool IsHost(std::string_view value) {
  std::string_view name = value;
  const std::size_t colon = value.rfind(':');
  if (colon != std::string_view::npos && value.back() != ']') {
    if (!IsPort(value.substr(colon + 1))) return false;
    name = value.substr(0, colon);
  }
  return IsBracketedAddress(name) || (!name.empty() && IsAll(name, kHost));
}

/// What the fields say about framing and connection, gathered while they are read.
struct FieldNotes {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  std::string_view length;
  std::string_view encoding;
  bool close = false;
  bool keep_alive = false;
};

bool ReadConnection(std::string_view value, FieldNotes& notes) {
  while (!value.empty()) {
    const std::string_view option = Trim(TakeUntil(value, ','));
    if (!IsAll(option, kToken)) return false;
    if (EqualsIgnoreCase(option, "close")) notes.close = true;
    if (EqualsIgnoreCase(option, "keep-alive")) notes.keep_alive = true;
  }
  return true;
}

std::optional<Refusal> NoteField(const HttpField& field, RequestHead& head, FieldNotes& notes) {
  switch (field.name.size()) {
    case 4:
      if (!EqualsIgnoreCase(field.name, "Host")) break;
      ++notes.hosts;
      head.host = field.value;
      break;
    case 6:
      if (!EqualsIgnoreCase(field.name, "Expect")) break;
      if (!EqualsIgnoreCase(field.value, "100-continue")) return BadRequest("unknown expectation");
      head.expects_continue = true;
      break;
    case 10:
      if (!EqualsIgnoreCase(field.name, "Connection")) break;
      if (!ReadConnection(field.value, notes)) return BadRequest("malformed Connection");
      break;
    case 14:
      if (!EqualsIgnoreCase(field.name, "Content-Length")) break;
      ++notes.lengths;
      notes.length = field.value;
      break;
    case 17:
      if (!EqualsIgnoreCase(field.name, "Transfer-Encoding")) break;
      ++notes.encodings;
      notes.encoding = field.value;
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Refusal> ReadEncoding(const FieldNotes& notes, RequestHead& head) {
  if (notes.encodings > 1) return BadRequest("more than one Transfer-Encoding");
  if (notes.lengths > 0) return BadRequest("Transfer-Encoding together with Content-Length");
  if (head.http_1_0) return BadRequest("Transfer-Encoding on HTTP/1.0");
  if (EqualsIgnoreCase(notes.encoding, "chunked")) {
    head.chunked = true;
    return std::nullopt;
  }
  std::string_view rest = notes.encoding;
  while (!rest.empty()) {
    const std::string_view coding = Trim(TakeUntil(rest, ','));
    if (EqualsIgnoreCase(coding, "chunked") && !rest.empty()) {
      return BadRequest("chunked must be the last transfer coding and occur once");
    }
  }
  return Refusal{501, "the only transfer coding is chunked"};
}

std::optional<Refusal> ReadLength(const FieldNotes& notes, RequestHead& head) {
  if (notes.lengths > 1) return BadRequest("more than one Content-Length");
  const std::optional<std::size_t> length = ReadContentLength(notes.length);
  if (!length) return BadRequest("malformed Content-Length");
  head.content_length = *length;
  return std::nullopt;
}

std::optional<Refusal> Conclude(const FieldNotes& notes, RequestHead& head) {
  if (notes.encodings > 0) {
    if (auto refusal = ReadEncoding(notes, head)) return refusal;
  } else if (notes.lengths > 0) {
    if (auto refusal = ReadLength(notes, head)) return refusal;
  }
  if (notes.hosts != 1) return BadRequest("exactly one Host is needed");
  if (!IsHost(head.host)) return BadRequest("malformed Host");
  head.keep_alive = !notes.close && (!head.http_1_0 || notes.keep_alive);
  head.expects_continue = head.expects_continue && !head.http_1_0;
  return std::nullopt;
}

}  // namespace

void RequestHead::Clear() {
  std::vector<HttpField> kept = std::move(fields);
  kept.clear();
  *this = RequestHead();
  fields = std::move(kept);
}

HeadScanner::Result HeadScanner::Scan(std::string_view bytes) {
  while (scanned_ < bytes.size()) {
    const std::size_t line_feed = bytes.find('\n', scanned_);
    if (line_feed == std::string_view::npos) {
      scanned_ = bytes.size();
      break;
    }
    if (line_feed == line_start_ || bytes[line_feed - 1] != '\r') return Result::kBareLineFeed;
    const bool is_empty_line = line_feed == line_start_ + 1;
    scanned_ = line_start_ = line_feed + 1;
    if (is_empty_line) return Result::kComplete;
  }
  return Result::kIncomplete;
}

std::optional<Refusal> ReadRequestHead(std::string_view bytes, std::size_t fields_max,
                                       RequestHead& head) {
  head.Clear();
  FieldNotes notes;
  std::optional<std::string_view> line = TakeLine(bytes);
  if (!line) return BadRequest(kBareLine);
  if (auto refusal = ReadRequestLine(*line, head)) return refusal;

  while (true) {
    line = TakeLine(bytes);
    if (!line) return BadRequest(kBareLine);
    if (line->empty()) break;
    if (head.fields.size() == fields_max) return Refusal{431, "too many fields"};
    HttpField& field = head.fields.emplace_back();
    if (const auto problem = ReadFieldLine(*line, field); !problem.empty()) {
      return BadRequest(problem);
    }
    if (auto refusal = NoteField(field, head, notes)) return refusal;
  }
  if (!bytes.empty()) return BadRequest("bytes after the head");
  return Conclude(notes, head);
}

}  // namespace revops::net
