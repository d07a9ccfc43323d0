#include "core/snapshot/csv.h"

#include <array>
#include <charconv>
#include <limits>

#include "core/base/money.h"

namespace revops::snapshot {
namespace {

constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (const char c : {',', '"', '\r', '\n'}) special[static_cast<unsigned char>(c)] = true;
  return special;
}();

bool has_special(std::string_view text) {
  for (const char c : text) {
    if (kSpecial[static_cast<unsigned char>(c)]) return true;
  }
  return false;
}

void AppendAmount(std::string& out, Money amount) {
  const Int128 cents = amount.cents();
  if (cents < 0 || cents > std::numeric_limits<std::int64_t>::max()) {
    out += amount.ToString();
    return;
  }
  std::array<char, 24> text;
  const auto value = static_cast<std::int64_t>(cents);
  const auto whole = std::to_chars(text.data(), text.data() + text.size(), value / 100);
  out.append(text.data(), whole.ptr);
  const auto fraction = static_cast<int>(value % 100);
  out.push_back('.');
  out.push_back(static_cast<char>('0' + fraction / 10));
  out.push_back(static_cast<char>('0' + fraction % 10));
}

/// The quoted text at the start of `rest`, taken off with both quotes.
std::optional<std::string_view> TakeQuoted(std::string_view& rest,
                                           std::deque<std::string>& unescaped) {
  std::size_t end = 1;
  bool has_quotes = false;
  while (true) {
    end = rest.find('"', end);
    if (end == std::string_view::npos) return std::nullopt;
    if (end + 1 >= rest.size() || rest[end + 1] != '"') break;
    has_quotes = true;
    end += 2;
  }
  const std::string_view raw = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (!raw.empty() && !has_special(raw)) return std::nullopt;
  if (!has_quotes) return raw;
  std::string& text = unescaped.emplace_back();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    text.push_back(raw[i]);
    if (raw[i] == '"') ++i;
  }
  return text;
}

}  // namespace

void AppendCsvField(std::string& out, std::string_view text) {
  if (!text.empty() && !has_special(text)) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

CsvRowWriter::CsvRowWriter(const sales::Schema& schema) {
  for (const sales::Column& column : schema.columns()) {
    switch (column.role) {
      case sales::ColumnRole::kId:
        columns_.push_back(Source::kId);
        break;
      case sales::ColumnRole::kDate:
        columns_.push_back(Source::kDate);
        break;
      case sales::ColumnRole::kAmount:
        columns_.push_back(Source::kAmount);
        break;
      case sales::ColumnRole::kDimension:
      case sales::ColumnRole::kText:
        columns_.push_back(Source::kText);
        break;
    }
  }
}

void CsvRowWriter::AppendRow(std::string& out, const sales::SaleView& row) {
  std::size_t text = 0;
  for (const Source source : columns_) {
    switch (source) {
      case Source::kId:
        if (row.id) AppendCsvField(out, *row.id);
        break;
      case Source::kDate:
        if (row.sold_on) AppendDate(out, *row.sold_on);
        break;
      case Source::kAmount:
        if (row.amount) AppendAmount(out, *row.amount);
        break;
      case Source::kText:
        if (const auto& value = row.texts[text]) AppendCsvField(out, *value);
        ++text;
        break;
    }
    out.push_back(',');
  }
  out.back() = '\n';
}

void CsvRowWriter::AppendDate(std::string& out, Date date) {
  if (date_ != date) {
    date_ = date;
    date_text_ = date.ToString();
  }
  out += date_text_;
}

std::string CsvHeader(const sales::Schema& schema) {
  std::string header;
  for (const sales::Column& column : schema.columns()) {
    AppendCsvField(header, column.name);
    header.push_back(',');
  }
  header.back() = '\n';
  return header;
}

std::optional<CsvField> TakeCsvField(std::string_view& rest, std::deque<std::string>& unescaped) {
  CsvField field;
  if (rest.starts_with('"')) {
    field.value = TakeQuoted(rest, unescaped);
    if (!field.value) return std::nullopt;
  } else {
    std::size_t end = 0;
    while (end < rest.size() && !kSpecial[static_cast<unsigned char>(rest[end])]) ++end;
    if (end > 0) field.value = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (rest.empty() || (rest[0] != ',' && rest[0] != '\n')) return std::nullopt;
  field.ends_row = rest[0] == '\n';
  rest.remove_prefix(1);
  return field;
}

bool is_shortest_decimal(std::string_view text) {
  if (text == "0") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text[0] == '0') return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool is_numeric_id(std::string_view text) {
  constexpr std::size_t kDigitsMax = 38;
  return is_shortest_decimal(text) && text.size() <= kDigitsMax + (text.starts_with('-') ? 1U : 0U);
}

bool is_amount_in_range(Money amount) {
  return amount.cents() <= kAmountCentsMax && amount.cents() >= -kAmountCentsMax;
}

}  // namespace revops::snapshot
