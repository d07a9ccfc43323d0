#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/base/http.h"

namespace revops::net {

/// What a byte may be part of.
enum ByteClass : unsigned char {
  kToken = 1,   ///< RFC 9110 tchar
  kTarget = 2,  ///< VCHAR but '#'
  kValue = 4,   ///< VCHAR, obs-text, SP, HTAB
  kHost = 8,    ///< unreserved and sub-delims of a reg-name
};

constexpr bool IsAlphanumeric(unsigned c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::array<unsigned char, 256> MakeByteClasses() {
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

inline constexpr std::array<unsigned char, 256> kByteClasses = MakeByteClasses();

inline bool IsAll(std::string_view text, ByteClass wanted) {
  return std::all_of(text.begin(), text.end(), [wanted](char c) {
    return (kByteClasses[static_cast<unsigned char>(c)] & wanted) != 0;
  });
}

inline bool IsToken(std::string_view text) { return !text.empty() && IsAll(text, kToken); }

/// Without blanks at its ends.
std::string_view Trim(std::string_view text);

/// The text before `mark`, which is removed from `rest` with it; all of it where there is none.
std::string_view TakeUntil(std::string_view& rest, char mark);

/// The next line of `bytes` without its CRLF; nullopt where it does not end with one.
std::optional<std::string_view> TakeLine(std::string_view& bytes);

/// A field line without its CRLF. Returns what is wrong with it, nothing when it is valid.
std::string_view ReadFieldLine(std::string_view line, HttpField& field);

/// A Content-Length: digits alone, 18 at most.
std::optional<std::size_t> ReadContentLength(std::string_view text);

}  // namespace revops::net
