#include "core/api/csv.h"

#include <array>

namespace revops::api {
namespace {

constexpr std::string_view kTriggers("=+-@|%\t\r\n\0", 10);
// U+FF1D, FF0B, FF0D, FF20, FF5C, FF05: the same signs, full width.
constexpr std::array<std::string_view, 6> kWideTriggers = {
    "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0", "\xEF\xBD\x9C", "\xEF\xBC\x85"};

}  // namespace

bool is_formula_like(std::string_view text) {
  const auto first = text.find_first_not_of(" \"'");
  if (first == std::string_view::npos) return false;
  text.remove_prefix(first);
  if (kTriggers.find(text.front()) != std::string_view::npos) return true;
  for (const std::string_view trigger : kWideTriggers) {
    if (text.starts_with(trigger)) return true;
  }
  return false;
}

void CsvWriter::Separate() {
  if (in_row_) out_ += ',';
  in_row_ = true;
}

void CsvWriter::Text(std::optional<std::string_view> text) {
  Separate();
  if (!text) return;
  out_ += '"';
  if (!raw_ && is_formula_like(*text)) out_ += '\'';
  for (const char c : *text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
}

void CsvWriter::Number(std::uint64_t number) {
  Separate();
  out_ += std::to_string(number);
}

void CsvWriter::Amount(std::optional<Money> amount) {
  Separate();
  if (amount) out_ += amount->ToString();
}

void CsvWriter::Day(std::optional<Date> date) {
  Separate();
  if (date) out_ += date->ToString();
}

void CsvWriter::Digits(std::optional<std::string_view> digits) {
  Separate();
  if (digits) out_ += *digits;
}

void CsvWriter::EndRow() {
  out_ += "\r\n";
  in_row_ = false;
}

}  // namespace revops::api
