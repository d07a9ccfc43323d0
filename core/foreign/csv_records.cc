#include "core/foreign/csv_records.h"

#include <algorithm>
#include <utility>

#include "core/foreign/table_file.h"

namespace revops::foreign {

CsvSplitter::CsvSplitter(char delimiter, bool is_lenient, Receive receive)
    : delimiter_(delimiter), is_lenient_(is_lenient), receive_(std::move(receive)) {
  for (const char c : {delimiter, '"', '\n', '\r', '\0'}) {
    is_special_[static_cast<unsigned char>(c)] = true;
  }
}

Result<void> CsvSplitter::Fault(std::uint64_t line, std::string_view what) const {
  return Fail(ErrorCode::kInvalidArgument, "line " + std::to_string(line) + std::string(what));
}

Result<void> CsvSplitter::Take(std::string_view piece) {
  const std::string_view inside("\"\n\r\0", 4);
  while (!piece.empty()) {
    const bool is_quoted = state_ == State::kQuoted;
    std::size_t plain = 0;
    if (is_quoted) {
      plain = std::min(piece.find_first_of(inside), piece.size());
    } else {
      while (plain < piece.size() && !is_special_[static_cast<unsigned char>(piece[plain])])
        ++plain;
    }
    if (plain > 0) {
      if (state_ == State::kQuoteSeen && !is_lenient_) {
        return Fault(line_,
                     " has text after a closing quote; a quote within a value is doubled, and a "
                     "value with one stands in quotes");
      }
      text_ += piece.substr(0, plain);
      piece.remove_prefix(plain);
      if (!is_quoted) state_ = State::kPlain;
      after_cr_ = false;
      if (text_.size() > kRowBytesMax) return Fault(begin_, " is longer than 16 MB");
      continue;
    }
    REVOPS_TRY(TakeSpecial(piece.front()));
    piece.remove_prefix(1);
  }
  return {};
}

Result<void> CsvSplitter::TakeSpecial(char c) {
  const bool is_second_of_line_end = c == '\n' && after_cr_;
  after_cr_ = c == '\r';
  if (c == '\0') return Fault(line_, " holds a NUL character, so the file is no text");
  if (state_ == State::kQuoted) {
    if (c == '"') {
      state_ = State::kQuoteSeen;
      return {};
    }
    text_.push_back(c);
    if (!is_second_of_line_end) ++line_;
    return {};
  }
  if (c == '"') return TakeQuote();
  if (c == delimiter_) {
    EndField();
    if (ends_.size() > kRowBytesMax / 64) return Fault(begin_, " has too many values");
    return {};
  }
  if (is_second_of_line_end) return {};
  REVOPS_TRY(EndRecord());
  ++line_;
  begin_ = line_;
  return {};
}

Result<void> CsvSplitter::TakeQuote() {
  if (state_ == State::kPlain) {
    text_.push_back('"');
    return {};
  }
  if (state_ == State::kQuoteSeen) text_.push_back('"');
  if (state_ == State::kFieldStart) quote_line_ = line_;
  was_quoted_ = true;
  state_ = State::kQuoted;
  return {};
}

void CsvSplitter::EndField() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  is_null_.push_back(text_.size() == begin && !was_quoted_);
  ends_.push_back(text_.size());
  state_ = State::kFieldStart;
  was_quoted_ = false;
}

Result<void> CsvSplitter::EndRecord() {
  const bool is_blank = ends_.empty() && text_.empty() && !was_quoted_;
  if (!is_blank) EndField();
  record_.line = begin_;
  record_.fields.clear();
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const std::string_view value = std::string_view(text_).substr(begin, ends_[i] - begin);
    record_.fields.push_back(is_null_[i] ? std::nullopt : std::optional(value));
    begin = ends_[i];
  }
  auto taken = receive_(record_);
  text_.clear();
  ends_.clear();
  is_null_.clear();
  return taken;
}

Result<void> CsvSplitter::Finish() {
  if (state_ == State::kQuoted) {
    return Fault(quote_line_,
                 " opens a quote that is never closed; a quote within a value is doubled");
  }
  if (!ends_.empty() || !text_.empty() || was_quoted_) return EndRecord();
  return {};
}

void AppendCsvField(std::string& line, const std::optional<std::string_view>& value) {
  if (!value) return;
  const bool is_plain =
      !value->empty() && value->find_first_of(",\"\r\n") == std::string_view::npos;
  if (is_plain) {
    line += *value;
    return;
  }
  line.push_back('"');
  for (const char c : *value) {
    if (c == '"') line.push_back('"');
    line.push_back(c);
  }
  line.push_back('"');
}

}  // namespace revops::foreign
