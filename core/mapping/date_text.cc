#include "core/mapping/date_text.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/mapping/text_pieces.h"

// DATE [TIME [ZONE]], where DATE is three parts: numbers, or two numbers and the name of a month,
// with a weekday before them perhaps. What stands behind the date is checked and left out.

namespace revops::mapping {
namespace {

constexpr int kFirstSerial = 30000;
constexpr int kLastSerial = 60000;
constexpr std::int32_t kSerialZero = -25569;  // 1899-12-30
constexpr int kTwoDigitPivot = 70;

constexpr std::array<std::pair<std::string_view, int>, 100> kMonths = {{
    {"january", 1},   {"jan", 1},       {"januar", 1},     {"jänner", 1},    {"janvier", 1},
    {"janv", 1},      {"enero", 1},     {"ene", 1},        {"gennaio", 1},   {"gen", 1},
    {"januari", 1},   {"janeiro", 1},   {"february", 2},   {"feb", 2},       {"februar", 2},
    {"feber", 2},     {"février", 2},   {"fevrier", 2},    {"févr", 2},      {"fevr", 2},
    {"febrero", 2},   {"febbraio", 2},  {"februari", 2},   {"fevereiro", 2}, {"fev", 2},
    {"march", 3},     {"mar", 3},       {"märz", 3},       {"maerz", 3},     {"mär", 3},
    {"mrz", 3},       {"mars", 3},      {"marzo", 3},      {"maart", 3},     {"mrt", 3},
    {"março", 3},     {"marco", 3},     {"april", 4},      {"apr", 4},       {"avril", 4},
    {"avr", 4},       {"abril", 4},     {"abr", 4},        {"aprile", 4},    {"may", 5},
    {"mai", 5},       {"mayo", 5},      {"maggio", 5},     {"mag", 5},       {"mei", 5},
    {"maio", 5},      {"june", 6},      {"jun", 6},        {"juni", 6},      {"juin", 6},
    {"junio", 6},     {"giugno", 6},    {"giu", 6},        {"junho", 6},     {"july", 7},
    {"jul", 7},       {"juli", 7},      {"juillet", 7},    {"juil", 7},      {"julio", 7},
    {"luglio", 7},    {"lug", 7},       {"julho", 7},      {"august", 8},    {"aug", 8},
    {"août", 8},      {"aout", 8},      {"agosto", 8},     {"ago", 8},       {"augustus", 8},
    {"september", 9}, {"sep", 9},       {"sept", 9},       {"septembre", 9}, {"septiembre", 9},
    {"setiembre", 9}, {"settembre", 9}, {"set", 9},        {"setembro", 9},  {"october", 10},
    {"oct", 10},      {"oktober", 10},  {"okt", 10},       {"octobre", 10},  {"octubre", 10},
    {"ottobre", 10},  {"ott", 10},      {"outubro", 10},   {"out", 10},      {"november", 11},
    {"nov", 11},      {"novembre", 11}, {"noviembre", 11}, {"novembro", 11}, {"december", 12},
}};
constexpr std::array<std::pair<std::string_view, int>, 10> kDecembers = {{
    {"dec", 12},
    {"dezember", 12},
    {"dez", 12},
    {"décembre", 12},
    {"decembre", 12},
    {"déc", 12},
    {"diciembre", 12},
    {"dic", 12},
    {"dicembre", 12},
    {"dezembro", 12},
}};
constexpr std::array<std::string_view, 25> kWeekdays = {
    "mon",      "monday",  "tue",     "tues",     "tuesday",  "wed",      "wednesday",
    "thu",      "thur",    "thurs",   "thursday", "fri",      "friday",   "sat",
    "saturday", "sun",     "sunday",  "montag",   "dienstag", "mittwoch", "donnerstag",
    "freitag",  "samstag", "sonntag", "lundi"};

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0xC3;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Lower case of A–Z and of the accented letters of Latin-1.
std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] = static_cast<char>(lower[i] - 'A' + 'a');
    if (i > 0 && lower[i - 1] == '\xC3' && static_cast<unsigned char>(lower[i]) <= 0x9E) {
      lower[i] = static_cast<char>(lower[i] + 0x20);
    }
  }
  return lower;
}

template <std::size_t kSize>
int Find(const std::array<std::pair<std::string_view, int>, kSize>& names, std::string_view word) {
  for (const auto& [name, number] : names) {
    if (name == word) return number;
  }
  return 0;
}

int MonthNamed(std::string_view word) {
  const std::string lower = LowerCase(word);
  const int month = Find(kMonths, lower);
  return month != 0 ? month : Find(kDecembers, lower);
}

std::string_view TakeDigits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

std::string_view TakeWord(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() &&
         (is_word_byte(text[size]) || (size > 0 && is_continuation(text[size])))) {
    ++size;
  }
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

bool Take(std::string_view& text, std::string_view piece) {
  if (!text.starts_with(piece)) return false;
  text.remove_prefix(piece.size());
  return true;
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string_view SkipBlanks(std::string_view text) {
  while (const std::size_t size = BlankSize(text)) text.remove_prefix(size);
  return text;
}

/// One of the three parts: a number of up to four digits, or a month.
struct Part {
  int value = 0;
  std::size_t digits = 0;  ///< 0: a month's name
};
using Parts = std::array<Part, 3>;

std::optional<Part> TakePart(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  if (!is_digit(text.front())) {
    const int month = MonthNamed(TakeWord(text));
    if (month == 0) return std::nullopt;
    Take(text, ".");
    return Part{month, 0};
  }
  const std::string_view digits = TakeDigits(text);
  if (digits.size() > 4 || digits.size() == 3) return std::nullopt;
  for (const std::string_view ordinal : {"st", "nd", "rd", "th", "er", "º"}) {
    if (Take(text, ordinal)) break;
  }
  return Part{Number(digits), digits.size()};
}

/// What stands between two parts: one mark, blanks, "de". '\0': nothing does.
char TakeSeparator(std::string_view& text) {
  const std::size_t before = text.size();
  text = SkipBlanks(text);
  char mark = text.size() < before ? ' ' : '\0';
  if (!text.empty() && std::string_view("-/.,").find(text.front()) != std::string_view::npos) {
    mark = text.front();
    text.remove_prefix(1);
  }
  text = SkipBlanks(text);
  if (Take(text, "de ") || Take(text, "of ")) text = SkipBlanks(text);
  return mark;
}

void SkipWeekday(std::string_view& text) {
  std::string_view rest = text;
  const std::string word = LowerCase(TakeWord(rest));
  if (std::find(kWeekdays.begin(), kWeekdays.end(), word) == kWeekdays.end()) return;
  Take(rest, ".");
  Take(rest, ",");
  text = SkipBlanks(rest);
}

/// The parts of a date at the front, taken off it.
std::optional<Parts> TakeParts(std::string_view& text) {
  SkipWeekday(text);
  Parts parts;
  std::array<char, 2> separators{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = TakePart(text);
    if (!part) return std::nullopt;
    parts[i] = *part;
    if (i == 2) break;
    separators[i] = TakeSeparator(text);
    if (separators[i] == '\0') return std::nullopt;
  }
  const bool are_numbers =
      std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.digits > 0; });
  if (are_numbers && (separators[0] != separators[1] || separators[0] == ',')) return std::nullopt;
  return parts;
}

/// ":30:00.000 PM", behind the hour.
bool TakeClock(std::string_view& text) {
  const std::string_view hour = TakeDigits(text);
  if (hour.empty() || hour.size() > 2 || Number(hour) > 24) return false;
  int pieces = 0;
  while (pieces < 2 && Take(text, ":")) {
    const std::string_view digits = TakeDigits(text);
    if (digits.size() != 2 || Number(digits) > 60) return false;
    ++pieces;
  }
  if (pieces == 2 && (Take(text, ".") || Take(text, ",")) && TakeDigits(text).empty()) return false;
  text = SkipBlanks(text);
  const std::size_t before = text.size();
  for (const std::string_view half : {"AM", "PM", "am", "pm", "a.m.", "p.m."}) {
    if (Take(text, half)) break;
  }
  return pieces > 0 || text.size() < before;
}

/// Nothing, or a time of day and a zone.
bool is_time(std::string_view text) {
  text = TrimBlanks(text);
  if (text.empty()) return true;
  Take(text, ",");
  text = SkipBlanks(text);
  if (Take(text, "T") || Take(text, "at ")) text = SkipBlanks(text);
  if (!TakeClock(text)) return false;
  text = SkipBlanks(text);
  if (text.starts_with('+') || text.starts_with('-')) {
    return text.size() <= 6 && std::all_of(text.begin() + 1, text.end(),
                                           [](char c) { return is_digit(c) || c == ':'; });
  }
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), is_word_byte);
}

std::optional<int> YearOf(const Part& part) {
  if (part.digits == 4) return part.value == 0 ? std::nullopt : std::optional(part.value);
  if (part.digits != 2) return std::nullopt;
  return part.value + (part.value < kTwoDigitPivot ? 2000 : 1900);
}

std::optional<Date> Civil(const Part& year, const Part& month, const Part& day) {
  const auto full_year = YearOf(year);
  if (!full_year || month.digits > 2 || day.digits == 0 || day.digits > 2) return std::nullopt;
  return Date::FromCivil(*full_year, month.value, day.value);
}

std::optional<Date> FromParts(const Parts& parts, DateOrder order) {
  const auto& [first, second, third] = parts;
  if (first.digits == 0) return Civil(third, first, second);
  if (first.digits == 4) return Civil(first, second, third);
  if (second.digits == 0) return Civil(third, second, first);
  switch (order) {
    case DateOrder::kYearMonthDay:
      return Civil(first, second, third);
    case DateOrder::kDayMonthYear:
      return Civil(third, second, first);
    case DateOrder::kMonthDayYear:
      return Civil(third, first, second);
  }
  return std::nullopt;
}

/// "20261122", or the day number of a spreadsheet with its time as a fraction.
std::optional<Date> FromDigits(std::string_view text) {
  const std::string_view digits = TakeDigits(text);
  if (digits.size() == 8 && text.empty()) {
    return Date::FromCivil(Number(digits.substr(0, 4)), Number(digits.substr(4, 2)),
                           Number(digits.substr(6)));
  }
  if (digits.size() != 5 || Number(digits) < kFirstSerial || Number(digits) > kLastSerial) {
    return std::nullopt;
  }
  if (Take(text, ".") && TakeDigits(text).empty()) return std::nullopt;
  if (!text.empty()) return std::nullopt;
  return Date::FromDays(Number(digits) + kSerialZero);
}

}  // namespace

std::optional<Date> ReadDateText(std::string_view text, DateOrder order) {
  constexpr std::size_t kIsoSize = 10;
  if (text.size() == kIsoSize && text[4] == '-') {
    if (const auto date = Date::Parse(text)) return date;
  }
  text = TrimBlanks(text);
  if (const auto date = FromDigits(text)) return date;
  const auto parts = TakeParts(text);
  if (!parts || !is_time(text)) return std::nullopt;
  return FromParts(*parts, order);
}

bool is_order_needed(std::string_view text) {
  text = TrimBlanks(text);
  const auto parts = TakeParts(text);
  if (!parts) return false;
  const auto& [first, second, third] = *parts;
  const bool are_short = first.digits > 0 && first.digits <= 2 && second.digits > 0;
  return are_short && first.value <= 12 && second.value <= 12 && first.value != second.value;
}

}  // namespace revops::mapping
