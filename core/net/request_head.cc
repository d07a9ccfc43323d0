// RFC 9112, one reading only:
//   request-line = method SP origin-form SP "HTTP/1." ("0" / "1") CRLF
//   field-line   = token ":" OWS value OWS CRLF          (no obs-fold, no space before the colon)
//   framing      = one Content-Length, or Transfer-Encoding of exactly "chunked" on HTTP/1.1

#include "core/net/request_head.h"

#include <algorithm>
#include <array>
#include <utility>

namespace revops::net {
namespace {

constexpr std::string_view kMethods[] = {"GET",     "HEAD", "POST", "DELETE",
                                         "OPTIONS", "PUT",  "PATCH"};

constexpr unsigned char kToken = 1;   // RFC 9110 tchar
constexpr unsigned char kTarget = 2;  // VCHAR but '#'
constexpr unsigned char kValue = 4;   // VCHAR, obs-text, SP, HTAB
constexpr unsigned char kHost = 8;    // unreserved and sub-delims of a reg-name

constexpr bool IsAlphanumeric(unsigned c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::array<unsigned char, 256> MakeClasses() {
  constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
  constexpr std::string_view kHostMarks = "-._~!$&'()*+,;=";
  std::array<unsigned char, 256> classes{};
  for (unsigned c = 0; c < classes.size(); ++c) {
    const char as_char = static_cast<char>(c);
    unsigned char of = 0;
    if (IsAlphanumeric(c) || kTokenMarks.find(as_char) != std::string_view::npos) of |= kToken;
    if (IsAlphanumeric(c) || kHostMarks.find(as_char) != std::string_view::npos) of |= kHost;
    if (c > 0x20 && c < 0x7F && c != '#') of |= kTarget;
    if ((c >= 0x20 && c != 0x7F) || c == '\t') of |= kValue;
    classes[c] = of;
  }
  return classes;
}

constexpr std::array<unsigned char, 256> kClasses = MakeClasses();

bool IsAll(std::string_view text, unsigned char wanted) {
  return std::all_of(text.begin(), text.end(), [wanted](char c) {
    return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
  });
}

bool IsToken(std::string_view text) { return !text.empty() && IsAll(text, kToken); }

std::string_view Trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The text before `mark`, which is removed from `rest` with it; all of it where there is none.
std::string_view TakeUntil(std::string_view& rest, char mark) {
  const std::size_t at = rest.find(mark);
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

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

std::optional<Refusal> ReadFieldLine(std::string_view line, HttpField& field) {
  if (line.front() == ' ' || line.front() == '\t') return BadRequest("a field line is folded");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) {
    return BadRequest("malformed field name");
  }
  field = {line.substr(0, colon), Trim(line.substr(colon + 1))};
  if (!IsAll(field.value, kValue)) return BadRequest("a field value holds a control character");
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
  constexpr std::size_t kDigitsMax = 18;
  if (notes.lengths > 1) return BadRequest("more than one Content-Length");
  const bool is_number = !notes.length.empty() && notes.length.size() <= kDigitsMax &&
                         notes.length.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) return BadRequest("malformed Content-Length");
  for (const char c : notes.length) {
    head.content_length = head.content_length * 10 + static_cast<std::size_t>(c - '0');
  }
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
  std::string_view line = TakeUntil(bytes, '\n');
  if (!line.ends_with('\r')) return BadRequest("a line does not end with CRLF");
  line.remove_suffix(1);
  if (auto refusal = ReadRequestLine(line, head)) return refusal;

  while (true) {
    line = TakeUntil(bytes, '\n');
    if (!line.ends_with('\r')) return BadRequest("a line does not end with CRLF");
    line.remove_suffix(1);
    if (line.empty()) break;
    if (head.fields.size() == fields_max) return Refusal{431, "too many fields"};
    HttpField& field = head.fields.emplace_back();
    if (auto refusal = ReadFieldLine(line, field)) return refusal;
    if (auto refusal = NoteField(field, head, notes)) return refusal;
  }
  if (!bytes.empty()) return BadRequest("bytes after the head");
  return Conclude(notes, head);
}

}  // namespace revops::net
