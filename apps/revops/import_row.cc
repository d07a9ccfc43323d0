#include "apps/revops/import_row.h"

#include <algorithm>
#include <set>

namespace revops::app {
namespace {

constexpr std::size_t kIdDigitsMax = 38;
constexpr std::size_t kNamesShownMax = 5;
constexpr std::int64_t kAmountCentsMax = 999'999'999'999;  // NUMBER(12,2)

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::size_t CharacterCount(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::optional<std::string> ReadId(std::string_view text, sales::Sale& row) {
  const auto id = ParseDecimal(text);
  if (!id) return "is not a whole number of at most 38 digits";
  std::string digits = ToDecimal(*id);
  if (digits.size() - (*id < 0 ? 1U : 0U) > kIdDigitsMax) {
    return "is not a whole number of at most 38 digits";
  }
  row.id = std::move(digits);
  return std::nullopt;
}

std::optional<std::string> ReadAmount(std::string_view text, sales::Sale& row) {
  const auto amount = Money::Parse(text);
  if (!amount) return "is not an amount with at most two decimals, such as 1234.50";
  if (amount->cents() > kAmountCentsMax || amount->cents() < -kAmountCentsMax) {
    return "is larger than 9999999999.99";
  }
  row.amount = *amount;
  return std::nullopt;
}

/// " 00:00:00", "T00:00:00.000": how data frames write dates.
bool is_midnight(std::string_view time) {
  if (!time.starts_with(' ') && !time.starts_with('T')) return false;
  time.remove_prefix(1);
  constexpr std::string_view kMidnight = "00:00:00";
  if (!time.starts_with(kMidnight)) return false;
  time.remove_prefix(kMidnight.size());
  return time.empty() ||
         (time.starts_with('.') && time.find_first_not_of('0', 1) == std::string_view::npos);
}

std::optional<std::string> ReadDate(std::string_view text, sales::Sale& row) {
  constexpr std::size_t kDateSize = 10;
  row.sold_on = Date::Parse(text.substr(0, kDateSize));
  if (!row.sold_on) return "is not a date such as 2026-11-22, in the years 0001 to 9999";
  if (text.size() == kDateSize || is_midnight(text.substr(kDateSize))) return std::nullopt;
  return "has a time of day or a zone; a date is taken, alone or at midnight";
}

std::string Joined(std::vector<std::string> names, std::size_t shown_max) {
  if (names.size() > shown_max) {
    names.resize(shown_max);
    names.emplace_back("…");
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name.substr(0, 60);
  return text;
}

}  // namespace

Result<ImportRowReader> ImportRowReader::Make(const sales::Schema& schema,
                                              const std::vector<std::string>& file_columns) {
  std::vector<std::size_t> indexes;
  std::vector<std::string> missing;
  std::set<std::string> known;
  for (const sales::Column& column : schema.columns()) {
    known.insert(column.name);
    const auto found =
        std::find_if(file_columns.begin(), file_columns.end(),
                     [&](const std::string& name) { return UpperCase(name) == column.name; });
    if (found == file_columns.end()) {
      missing.push_back(column.name);
    } else {
      indexes.push_back(static_cast<std::size_t>(found - file_columns.begin()));
    }
  }
  if (!missing.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "the file lacks the column" + std::string(missing.size() == 1 ? " " : "s ") +
                    Joined(missing, missing.size()) + "; it has " +
                    (file_columns.empty() ? "none" : Joined(file_columns, kNamesShownMax)));
  }
  std::vector<std::string> unknown;
  std::set<std::string> seen;
  for (const std::string& name : file_columns) {
    if (!known.contains(UpperCase(name))) {
      unknown.push_back(name);
    } else if (!seen.insert(UpperCase(name)).second) {
      return Fail(ErrorCode::kInvalidArgument, "the file has the column " + name + " twice");
    }
  }
  if (!unknown.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "FCT_SALES has no place for the columns " +
                                                 Joined(unknown, kNamesShownMax) +
                                                 ": remove them from the file");
  }
  return ImportRowReader(schema, std::move(indexes));
}

std::optional<Refusal> ImportRowReader::Read(
    std::span<const std::optional<std::string_view>> values, sales::Sale& row) const {
  row = sales::Sale{};
  std::optional<Refusal> refusal;
  for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
    const sales::Column& column = schema_.columns()[i];
    const bool is_text =
        i != schema_.id_column() && i != schema_.date_column() && i != schema_.amount_column();
    if (!values[i] || (values[i]->empty() && !is_text)) {
      if (is_text) row.texts.emplace_back();
      continue;
    }
    auto reason = ReadColumn(i, *values[i], row);
    if (!reason) continue;
    if (refusal) {
      refusal->reason += "; " + column.name + " " + *reason;
    } else {
      refusal = Refusal{column.name, *std::move(reason)};
    }
  }
  return refusal;
}

std::optional<std::string> ImportRowReader::ReadColumn(std::size_t column, std::string_view text,
                                                       sales::Sale& row) const {
  if (column == schema_.id_column() && schema_.has_numeric_ids()) return ReadId(text, row);
  if (column == schema_.date_column()) return ReadDate(text, row);
  if (column == schema_.amount_column()) return ReadAmount(text, row);
  if (text.find('\0') != std::string_view::npos) return "holds a NUL character";
  const std::size_t length_max = schema_.columns()[column].length_max;
  if (length_max != 0 && CharacterCount(text) > length_max) {
    return "is longer than " + std::to_string(length_max) + " characters";
  }
  row.texts.emplace_back(std::string(text));
  return std::nullopt;
}

}  // namespace revops::app
