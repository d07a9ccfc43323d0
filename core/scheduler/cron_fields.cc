#include "core/scheduler/cron_fields.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace revops::scheduler {
namespace {

constexpr std::array<std::string_view, 12> kMonthNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"sun", "mon", "tue", "wed",
                                                           "thu", "fri", "sat"};
constexpr std::size_t kNumbersMax = 64;

struct FieldKind {
  std::string_view name;
  int min;
  int max;
  /// Names of min, min + 1, …
  std::span<const std::string_view> names;
};

constexpr std::array kKinds = {FieldKind{"minute", 0, 59, {}}, FieldKind{"hour", 0, 23, {}},
                               FieldKind{"day of month", 1, 31, {}},
                               FieldKind{"month", 1, 12, kMonthNames},
                               FieldKind{"day of week", 0, 7, kWeekdayNames}};

struct Range {
  int first;
  int last;
};

Unexpected FailInField(const FieldKind& kind, std::string_view text, const std::string& expected) {
  return Fail(ErrorCode::kInvalidArgument, "cron expression: the " + std::string(kind.name) +
                                               " field '" + std::string(text) + "' " + expected);
}

std::string Bounds(const FieldKind& kind) {
  return std::to_string(kind.min) + "-" + std::to_string(kind.max);
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<int> ToNumber(std::string_view text) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<int> ToValue(const FieldKind& kind, std::string_view text) {
  if (const auto number = ToNumber(text)) {
    return *number >= kind.min && *number <= kind.max ? number : std::nullopt;
  }
  std::string lower;
  for (const char c : text) lower += Lower(c);
  for (std::size_t i = 0; i < kind.names.size(); ++i) {
    if (kind.names[i] == lower) return kind.min + static_cast<int>(i);
  }
  return std::nullopt;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// `*`, `a` or `a-b`.
Result<Range> ParseRange(const FieldKind& kind, std::string_view field, std::string_view text) {
  if (text == "*") return Range{kind.min, kind.max};
  const auto dash = text.find('-');
  const auto first = ToValue(kind, text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : ToValue(kind, text.substr(dash + 1));
  if (!first || !last) return FailInField(kind, field, "must hold numbers of " + Bounds(kind));
  if (*first > *last) return FailInField(kind, field, "has a range that ends before it begins");
  return Range{*first, *last};
}

/// One element of a list: a range with or without a step.
Result<void> AddElement(const FieldKind& kind, std::string_view field, std::string_view element,
                        std::bitset<kNumbersMax>& numbers) {
  const auto slash = element.find('/');
  const auto range_text = element.substr(0, slash);
  REVOPS_TRY_ASSIGN(const Range range, ParseRange(kind, field, range_text));
  int step = 1;
  if (slash != std::string_view::npos) {
    const bool is_range = range_text == "*" || range_text.find('-') != std::string_view::npos;
    const auto parsed = ToNumber(element.substr(slash + 1));
    if (!is_range || !parsed || *parsed < 1 || *parsed > kind.max) {
      return FailInField(
          kind, field,
          "must have steps like */n or a-b/n, n from 1 to " + std::to_string(kind.max));
    }
    step = *parsed;
  }
  for (int i = range.first; i <= range.last; i += step) numbers.set(static_cast<std::size_t>(i));
  return {};
}

Result<std::bitset<kNumbersMax>> ParseField(const FieldKind& kind, std::string_view field) {
  std::bitset<kNumbersMax> numbers;
  for (const auto element : Split(field, ',')) {
    REVOPS_TRY(AddElement(kind, field, element, numbers));
  }
  return numbers;
}

std::vector<std::string_view> Words(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> words;
  while (true) {
    const auto start = text.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return words;
    const auto end = text.find_first_of(kBlanks, start);
    words.push_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end);
  }
}

template <std::size_t N>
std::bitset<N> Narrowed(const std::bitset<kNumbersMax>& numbers) {
  std::bitset<N> narrowed;
  for (std::size_t i = 0; i < N; ++i) narrowed[i] = numbers[i];
  return narrowed;
}

bool is_restricted(std::string_view field) { return field.find('*') == std::string_view::npos; }

}  // namespace

Result<CronFields> ParseCronFields(std::string_view expression) {
  const auto words = Words(expression);
  if (words.size() != kKinds.size()) {
    return Fail(ErrorCode::kInvalidArgument,
                "cron expression: must have five fields (minute hour day-of-month month "
                "day-of-week), has " +
                    std::to_string(words.size()));
  }
  std::array<std::bitset<kNumbersMax>, kKinds.size()> parsed;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    REVOPS_TRY_ASSIGN(parsed[i], ParseField(kKinds[i], words[i]));
  }
  constexpr std::size_t kSunday = 0;
  constexpr std::size_t kSundayToo = 7;
  if (parsed[4][kSundayToo]) parsed[4].set(kSunday);
  CronFields fields;
  fields.minutes = Narrowed<60>(parsed[0]);
  fields.hours = Narrowed<24>(parsed[1]);
  fields.days_of_month = Narrowed<32>(parsed[2]);
  fields.months = Narrowed<13>(parsed[3]);
  fields.days_of_week = Narrowed<7>(parsed[4]);
  fields.day_of_month_restricted = is_restricted(words[2]);
  fields.day_of_week_restricted = is_restricted(words[4]);
  return fields;
}

}  // namespace revops::scheduler
