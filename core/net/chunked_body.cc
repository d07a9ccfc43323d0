// RFC 9112 section 7.1:
//   chunk      = 1*HEXDIG *extension CRLF data CRLF
//   last       = 1*"0" *extension CRLF trailers CRLF
//   extension  = ";" token [ "=" ( token / quoted-string ) ]     (no blanks around the marks)

#include "core/net/chunked_body.h"

#include <algorithm>
#include <iterator>

#include "core/base/http.h"

namespace revops::net {
namespace {

constexpr std::size_t kSizeDigitsMax = 8;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsText(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7F) || c == '\t';
}

bool IsNameByte(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
}

bool SkipToken(std::string_view& text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), IsNameByte);
  const auto size = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(size);
  return size > 0;
}

/// `text` begins behind the opening quote.
bool SkipQuoted(std::string_view& text) {
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\') text.remove_prefix(1);
    if (text.empty() || !IsText(text.front())) return false;
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes `mark` off the front if it is there.
bool Skip(std::string_view& text, char mark) {
  if (text.empty() || text.front() != mark) return false;
  text.remove_prefix(1);
  return true;
}

bool AreExtensions(std::string_view text) {
  do {
    if (!SkipToken(text)) return false;
    if (!Skip(text, '=')) continue;
    if (!(Skip(text, '"') ? SkipQuoted(text) : SkipToken(text))) return false;
  } while (Skip(text, ';'));
  return text.empty();
}

bool IsForbiddenTrailer(std::string_view name) {
  constexpr std::string_view kForbidden[] = {"Content-Length", "Transfer-Encoding", "Host",
                                             "Connection", "Proxy-Connection"};
  return std::any_of(std::begin(kForbidden), std::end(kForbidden),
                     [name](std::string_view of) { return EqualsIgnoreCase(of, name); });
}

}  // namespace

ChunkedBody::Result ChunkedBody::Decode(std::string_view& bytes, std::string& body) {
  while (!bytes.empty() && state_ != State::kDone) {
    if (state_ == State::kData) {
      if (!TakeData(bytes, body)) return Result::kTooLarge;
      continue;
    }
    state_ = Next(bytes.front());
    bytes.remove_prefix(1);
    if (state_ == State::kBad) return Result::kMalformed;
    if (overhead_bytes_ > limits_.overhead_bytes_max) return Result::kTooLarge;
    if (state_ == State::kData && chunk_left_ > limits_.body_bytes_max - body.size()) {
      return Result::kTooLarge;
    }
  }
  return state_ == State::kDone ? Result::kComplete : Result::kIncomplete;
}

bool ChunkedBody::TakeData(std::string_view& bytes, std::string& body) {
  if (body.size() > limits_.body_bytes_max) return false;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size()));
  body.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  chunk_left_ -= size;
  if (chunk_left_ == 0) state_ = State::kDataReturn;
  return true;
}

ChunkedBody::State ChunkedBody::OnSize(char c) {
  if (const int digit = HexValue(c); digit >= 0) {
    if (++size_digits_ > kSizeDigitsMax) return State::kBad;
    chunk_left_ = chunk_left_ * 16 + static_cast<std::uint64_t>(digit);
    return State::kSize;
  }
  if (state_ == State::kSizeStart) return State::kBad;
  if (c == ';') {
    text_.clear();
    return State::kExtension;
  }
  return c == '\r' ? State::kSizeLineFeed : State::kBad;
}

ChunkedBody::State ChunkedBody::OnExtension(char c) {
  if (c == '\r') return AreExtensions(text_) ? State::kSizeLineFeed : State::kBad;
  text_ += c;
  return State::kExtension;
}

ChunkedBody::State ChunkedBody::OnTrailerName(char c) {
  if (state_ == State::kTrailerStart) {
    text_.clear();
    if (c == '\r') return State::kLastLineFeed;
  }
  if (IsNameByte(c)) {
    text_ += c;
    return State::kTrailerName;
  }
  const bool name_ends = c == ':' && !text_.empty();
  return name_ends && !IsForbiddenTrailer(text_) ? State::kTrailerValue : State::kBad;
}

ChunkedBody::State ChunkedBody::OnTrailerValue(char c) {
  if (c == '\r') return State::kTrailerLineFeed;
  return IsText(c) ? State::kTrailerValue : State::kBad;
}

ChunkedBody::State ChunkedBody::Next(char c) {
  switch (state_) {
    case State::kSizeStart:
      chunk_left_ = 0;
      size_digits_ = 0;
      return OnSize(c);
    case State::kSize:
      return OnSize(c);
    case State::kExtension:
      ++overhead_bytes_;
      return OnExtension(c);
    case State::kSizeLineFeed:
      if (c != '\n') return State::kBad;
      return chunk_left_ > 0 ? State::kData : State::kTrailerStart;
    case State::kDataReturn:
      return c == '\r' ? State::kDataLineFeed : State::kBad;
    case State::kDataLineFeed:
      return c == '\n' ? State::kSizeStart : State::kBad;
    case State::kTrailerStart:
    case State::kTrailerName:
      ++overhead_bytes_;
      return OnTrailerName(c);
    case State::kTrailerValue:
      ++overhead_bytes_;
      return OnTrailerValue(c);
    case State::kTrailerLineFeed:
      return c == '\n' ? State::kTrailerStart : State::kBad;
    case State::kLastLineFeed:
      return c == '\n' ? State::kDone : State::kBad;
    case State::kData:
    case State::kDone:
    case State::kBad:
      break;
  }
  return State::kBad;
}

}  // namespace revops::net
