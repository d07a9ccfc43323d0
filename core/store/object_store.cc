#include "core/store/object_store.h"

namespace revops::store {
namespace {

constexpr std::size_t kKeyBytesMax = 512;
constexpr std::size_t kSegmentBytesMax = 255;

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_valid_segment(std::string_view segment) {
  if (segment.empty() || segment.size() > kSegmentBytesMax) return false;
  if (segment == "." || segment == "..") return false;
  for (const char c : segment) {
    if (!is_key_byte(c)) return false;
  }
  return true;
}

}  // namespace

bool is_valid_key(std::string_view key) {
  if (key.size() > kKeyBytesMax) return false;
  while (true) {
    const auto slash = key.find('/');
    if (!is_valid_segment(key.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    key.remove_prefix(slash + 1);
  }
}

}  // namespace revops::store
