#include "core/base/base64.h"

#include <absl/strings/escaping.h>

namespace revops {
namespace {

// Abseil was built with a string_view of its own.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string ToBase64(std::string_view bytes) { return absl::Base64Escape(View(bytes)); }

std::string ToBase64Url(std::string_view bytes) { return absl::WebSafeBase64Escape(View(bytes)); }

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  // Abseil would take a text without padding.
  if (text.size() % 4 != 0 || !absl::Base64Unescape(View(text), &bytes)) return std::nullopt;
  return bytes;
}

}  // namespace revops
