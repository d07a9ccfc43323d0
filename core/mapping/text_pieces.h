#pragma once

#include <string_view>

namespace revops::mapping {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A blank of any width at the front: its bytes; 0: there is none.
inline std::size_t BlankSize(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;      // no-break
  if (text.starts_with("\xE2\x80\xAF")) return 3;  // narrow no-break
  if (text.starts_with("\xE2\x80\x89")) return 3;  // thin
  return 0;
}

/// What may divide groups of digits, at the front: its bytes.
inline std::size_t GroupMarkSize(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ',' || text.front() == '.' || text.front() == '\'') return 1;
  if (text.starts_with("\xE2\x80\x99")) return 3;  // right single quotation mark
  return BlankSize(text);
}

inline std::string_view TrimBlanks(std::string_view text) {
  while (const std::size_t size = BlankSize(text)) text.remove_prefix(size);
  for (;;) {
    std::size_t size = 0;
    for (std::size_t i = 1; i <= 3 && i <= text.size(); ++i) {
      if (BlankSize(text.substr(text.size() - i)) == i) size = i;
    }
    if (size == 0) return text;
    text.remove_suffix(size);
  }
}

}  // namespace revops::mapping
