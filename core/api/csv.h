#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/date.h"
#include "core/base/money.h"

namespace revops::api {

/// Writes CSV (RFC 4180) for people and their spreadsheets. Texts are quoted, NULL is an empty
/// field; numbers, dates and amounts stand bare.
///
/// A text that a spreadsheet would take for a formula (it begins, after spaces and quotes, with one
/// of = + - @ | %, their full-width forms, tab, CR, LF or NUL) gets an apostrophe in front, unless
/// `raw`.
class CsvWriter {
 public:
  explicit CsvWriter(bool raw) : raw_(raw) {}

  void Text(std::optional<std::string_view> text);
  void Number(std::uint64_t number);
  void Amount(std::optional<Money> amount);
  void Day(std::optional<Date> date);
  /// Text that is known to be a number: an id in decimal.
  void Digits(std::optional<std::string_view> digits);
  void EndRow();

  std::string Finish() && { return std::move(out_); }

 private:
  void Separate();

  bool raw_;
  bool in_row_ = false;
  std::string out_;
};

/// Whether a spreadsheet may take the text for a formula.
bool is_formula_like(std::string_view text);

}  // namespace revops::api
