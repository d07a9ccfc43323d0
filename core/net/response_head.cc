// RFC 9112, one reading only:
//   status-line = "HTTP/1.1" SP 3DIGIT SP [reason] CRLF
//   field-line  = token ":" OWS value OWS CRLF            (no obs-fold, no space before the colon)
//   body        = none for HEAD, 1xx, 204 and 304; else chunks, one Content-Length, or all until
//                 the peer closes; a Transfer-Encoding together with a length is refused

#include "core/net/response_head.h"

#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::string_view kVersion = "HTTP/1.1 ";

struct FieldNotes {
  std::optional<std::string_view> length;
  std::optional<std::string_view> transfer_encoding;
  std::optional<std::string_view> content_encoding;
};

std::string_view ReadStatusLine(std::string_view line, ResponseHead& head) {
  constexpr std::size_t kStatusDigits = 3;
  if (!line.starts_with(kVersion)) return "not an HTTP/1.1 answer";
  line.remove_prefix(kVersion.size());
  const std::string_view digits = line.substr(0, kStatusDigits);
  const bool is_status = line.size() > kStatusDigits && line[kStatusDigits] == ' ' &&
                         digits.find_first_not_of("0123456789") == std::string_view::npos &&
                         digits.front() >= '1' && digits.front() <= '5';
  if (!is_status || !IsAll(line, kValue)) return "malformed status line";
  for (const char c : digits) head.status = head.status * 10 + (c - '0');
  return {};
}

/// Remembers a field that may stand once.
std::string_view NoteOnce(std::optional<std::string_view>& note, std::string_view value,
                          std::string_view problem) {
  if (note) return problem;
  note = value;
  return {};
}

void ReadConnection(std::string_view value, ResponseHead& head) {
  while (!value.empty()) {
    if (EqualsIgnoreCase(Trim(TakeUntil(value, ',')), "close")) head.keep_alive = false;
  }
}

std::string_view NoteField(const HttpField& field, ResponseHead& head, FieldNotes& notes) {
  if (EqualsIgnoreCase(field.name, "Content-Length")) {
    return NoteOnce(notes.length, field.value, "more than one Content-Length");
  }
  if (EqualsIgnoreCase(field.name, "Transfer-Encoding")) {
    return NoteOnce(notes.transfer_encoding, field.value, "more than one Transfer-Encoding");
  }
  if (EqualsIgnoreCase(field.name, "Content-Encoding")) {
    return NoteOnce(notes.content_encoding, field.value, "more than one Content-Encoding");
  }
  if (EqualsIgnoreCase(field.name, "Connection")) ReadConnection(field.value, head);
  return {};
}

std::string_view ReadFraming(const FieldNotes& notes, ResponseHead& head) {
  using Framing = ResponseHead::Framing;
  head.framing = Framing::kClose;
  if (notes.transfer_encoding) {
    if (notes.length) return "Transfer-Encoding together with Content-Length";
    if (!EqualsIgnoreCase(*notes.transfer_encoding, "chunked")) {
      return "the only transfer coding is chunked";
    }
    head.framing = Framing::kChunked;
  }
  if (notes.length) {
    const std::optional<std::size_t> length = ReadContentLength(*notes.length);
    if (!length) return "malformed Content-Length";
    head.framing = Framing::kLength;
    head.content_length = *length;
  }
  return {};
}

std::string_view ReadCoding(const FieldNotes& notes, ResponseHead& head) {
  const std::string_view coding = notes.content_encoding.value_or("identity");
  // An empty body that is announced as such needs no unpacking.
  const bool is_empty = head.framing == ResponseHead::Framing::kLength && head.content_length == 0;
  if (is_empty || coding.empty() || EqualsIgnoreCase(coding, "identity")) return {};
  if (!EqualsIgnoreCase(coding, "gzip") && !EqualsIgnoreCase(coding, "x-gzip")) {
    return "the only content coding is gzip";
  }
  head.gzip = true;
  return {};
}

std::string_view Conclude(const FieldNotes& notes, bool to_head, ResponseHead& head) {
  constexpr int kSwitchingProtocols = 101;
  constexpr int kNoContent = 204;
  constexpr int kNotModified = 304;
  if (head.status == kSwitchingProtocols) return "another protocol, which was not asked for";
  if (const auto problem = ReadFraming(notes, head); !problem.empty()) return problem;
  const bool is_bodiless =
      to_head || head.is_interim() || head.status == kNoContent || head.status == kNotModified;
  if (!is_bodiless) {
    if (head.framing == ResponseHead::Framing::kClose) head.keep_alive = false;
    return ReadCoding(notes, head);
  }
  // What HEAD and 304 announce is the body that another answer would have.
  const bool is_announced =
      head.framing == ResponseHead::Framing::kChunked || head.content_length > 0;
  if (is_announced && !to_head && head.status != kNotModified) {
    return "a body announced by an answer that has none";
  }
  head.framing = ResponseHead::Framing::kNone;
  return {};
}

}  // namespace

std::string_view ReadResponseHead(std::string_view bytes, bool to_head, ResponseHead& head) {
  constexpr std::string_view kBareLine = "a line does not end with CRLF";
  head = ResponseHead();
  FieldNotes notes;
  std::optional<std::string_view> line = TakeLine(bytes);
  if (!line) return kBareLine;
  if (const auto problem = ReadStatusLine(*line, head); !problem.empty()) return problem;
  while (true) {
    line = TakeLine(bytes);
    if (!line) return kBareLine;
    if (line->empty()) break;
    HttpField& field = head.fields.emplace_back();
    if (const auto problem = ReadFieldLine(*line, field); !problem.empty()) return problem;
    if (const auto problem = NoteField(field, head, notes); !problem.empty()) return problem;
  }
  if (!bytes.empty()) return "bytes after the head";
  return Conclude(notes, to_head, head);
}

}  // namespace revops::net
