#include "core/foreign/header.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/foreign/table_file.h"

namespace revops::foreign {
namespace {

constexpr std::size_t kShownBytesMax = 60;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string Shown(std::string_view text) {
  if (text.size() <= kShownBytesMax) return std::string(text);
  std::size_t end = kShownBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::size_t FilledCount(std::span<const std::optional<std::string_view>> values) {
  return static_cast<std::size_t>(std::count_if(
      values.begin(), values.end(), [](const auto& value) { return value && !value->empty(); }));
}

/// The number of fields that most rows have; of two the larger.
std::size_t UsualFields(std::span<const RowForm> head) {
  std::map<std::size_t, std::size_t> rows;
  for (const RowForm& row : head) {
    if (row.fields > 0) ++rows[row.fields];
  }
  std::size_t usual = 0;
  for (const auto& [fields, count] : rows) {
    if (count >= rows[usual]) usual = fields;
  }
  return usual;
}

}  // namespace

std::optional<std::size_t> FindHeader(std::span<const RowForm> head) {
  const std::size_t usual = UsualFields(head);
  const auto is_title = [usual](const RowForm& row) {
    if (row.fields == 0 || row.filled == 0) return true;
    if (usual == 2) return row.fields == 1;
    return usual > 2 && row.filled <= 2 && row.filled * 2 < usual;
  };
  const auto is_blank = [](const RowForm& row) { return row.filled == 0; };
  const auto begin = head.begin();
  const auto first = std::find_if_not(begin, head.end(), is_blank);
  if (first == head.end()) return std::nullopt;
  const auto header = std::find_if_not(first, head.end(), is_title);
  // A header that names only its first columns stands over rows that are wider: no titles then.
  return static_cast<std::size_t>((header == head.end() ? first : header) - begin);
}

Result<std::vector<std::string>> NameColumns(
    std::span<const std::optional<std::string_view>> header, std::vector<std::string>& findings) {
  if (header.size() > kColumnsMax) {
    return Fail(ErrorCode::kInvalidArgument, "the file has " + std::to_string(header.size()) +
                                                 " columns; at most " +
                                                 std::to_string(kColumnsMax) + " are taken");
  }
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& value : header) {
    const std::string_view text = Trim(value.value_or(""));
    if (text.size() > kNameBytesMax) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the first line names a column with more than " + std::to_string(kNameBytesMax) +
                      " characters; is this a table with a line of names?");
    }
    std::string name =
        text.empty() ? "Column " + std::to_string(names.size() + 1) : std::string(text);
    if (!seen.insert(LowerCase(name)).second) {
      const std::string once = name;
      for (int number = 2; !seen.insert(LowerCase(name)).second; ++number) {
        name = once + " (" + std::to_string(number) + ")";
      }
      findings.push_back("the column " + Shown(once) +
                         " is there more than once; this one is called " + Shown(name));
    }
    names.push_back(std::move(name));
  }
  return names;
}

FooterFilter::FooterFilter(std::size_t column_count, Emit emit)
    : column_count_(column_count), emit_(std::move(emit)) {}

bool FooterFilter::is_short(std::span<const std::optional<std::string_view>> values) const {
  return values.size() < column_count_ || (column_count_ > 2 && FilledCount(values) <= 1);
}

Result<void> FooterFilter::Take(std::uint64_t number,
                                std::span<const std::optional<std::string_view>> values) {
  if (after_blank_ && held_.size() < kHeldMax && is_short(values)) {
    Held held{number, {}};
    for (const auto& value : values) {
      held.values.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    held_.push_back(std::move(held));
    return {};
  }
  after_blank_ = false;
  for (const Held& held : held_) {
    const std::vector<std::optional<std::string_view>> views(held.values.begin(),
                                                             held.values.end());
    REVOPS_TRY(emit_(held.number, views));
  }
  held_.clear();
  return emit_(number, values);
}

std::optional<std::string> FooterFilter::Finish() const {
  if (held_.empty()) return std::nullopt;
  std::string text;
  for (const auto& value : held_.front().values) {
    if (value && text.empty()) text = *value;
  }
  return (held_.size() == 1
              ? "line " + std::to_string(held_.front().number) + ", after the rows, was left out: "
              : std::to_string(held_.size()) + " lines from line " +
                    std::to_string(held_.front().number) + " on, after the rows, were left out: ") +
         Shown(text) + (held_.size() == 1 ? "" : " …");
}

}  // namespace revops::foreign
