#include "core/sales/definitions.h"

#include <algorithm>

namespace revops::sales {
namespace {

constexpr std::array<std::string_view, kStatusCount> kNames = {"open", "closed", "won", "lost",
                                                               "unknown"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool are_letters(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_letter);
}

/// Takes the text up to the next hyphen if it passes.
template <class Passes>
bool TakeSubtag(std::string_view& rest, Passes passes) {
  const std::string_view subtag = rest.substr(0, rest.find('-'));
  if (!passes(subtag)) return false;
  rest.remove_prefix(std::min(rest.size(), subtag.size() + 1));
  return true;
}

bool is_locale(std::string_view text) {
  if (text.ends_with('-')) return false;
  const auto is_language = [](std::string_view t) {
    return are_letters(t, 2) || are_letters(t, 3);
  };
  const auto is_script = [](std::string_view t) { return are_letters(t, 4); };
  const auto is_region = [](std::string_view t) {
    return are_letters(t, 2) || (t.size() == 3 && std::all_of(t.begin(), t.end(), is_digit));
  };
  if (!TakeSubtag(text, is_language)) return false;
  TakeSubtag(text, is_script);
  TakeSubtag(text, is_region);
  return text.empty();
}

}  // namespace

std::string_view ToString(Status status) { return kNames[static_cast<std::size_t>(status)]; }

std::optional<Status> ParseStatus(std::string_view text) {
  for (const Status status : kStatuses) {
    if (ToString(status) == text) return status;
  }
  return std::nullopt;
}

std::vector<std::string> FindProblems(const Definitions& definitions) {
  std::vector<std::string> problems;
  if (definitions.currency && !are_letters(*definitions.currency, 3)) {
    problems.push_back("currency '" + *definitions.currency +
                       "' is not a code of three letters such as EUR; leave it empty for plain "
                       "numbers");
  }
  if (!is_locale(definitions.locale)) {
    problems.push_back("locale '" + definitions.locale +
                       "' is not a language tag such as en-GB, fr or zh-Hant-TW, with hyphens");
  }
  return problems;
}

}  // namespace revops::sales
