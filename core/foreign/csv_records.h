#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::foreign {

/// What stands between two line ends outside quotes.
struct CsvRecord {
  std::uint64_t line = 0;  ///< of the file where it begins, counted from 1
  /// An empty field is nullopt, one in quotes an empty text. None: a blank line.
  std::vector<std::optional<std::string_view>> fields;
};

/// Splits text in UTF-8 into records (RFC 4180; line ends are LF, CR LF or CR), in pieces.
class CsvSplitter {
 public:
  using Receive = std::function<Result<void>(const CsvRecord&)>;

  /// `is_lenient`: text after a closing quote is part of the value, which shows what a wrong
  /// delimiter makes of a file.
  CsvSplitter(char delimiter, bool is_lenient, Receive receive);

  /// Errors: kInvalidArgument with the line: text after a closing quote, a NUL, a record that is
  ///         too long; what `receive` fails with.
  Result<void> Take(std::string_view piece);
  /// Errors: kInvalidArgument for a quote that is never closed.
  Result<void> Finish();

 private:
  enum class State { kFieldStart, kPlain, kQuoted, kQuoteSeen };

  Result<void> TakeSpecial(char c);
  Result<void> TakeQuote();
  void EndField();
  Result<void> EndRecord();
  Result<void> Fault(std::uint64_t line, std::string_view what) const;

  char delimiter_;
  std::array<bool, 256> is_special_{};  ///< outside quotes
  bool is_lenient_;
  Receive receive_;
  State state_ = State::kFieldStart;
  bool was_quoted_ = false;
  bool after_cr_ = false;
  std::uint64_t line_ = 1;
  std::uint64_t begin_ = 1;
  std::uint64_t quote_line_ = 0;
  std::string text_;               ///< of the record: its values without quotes
  std::vector<std::size_t> ends_;  ///< of the fields in text_
  std::vector<bool> is_null_;      ///< by field
  CsvRecord record_;
};

/// Writes a field so that a CsvSplitter for ',' reads the same.
void AppendCsvField(std::string& line, const std::optional<std::string_view>& value);

}  // namespace revops::foreign
