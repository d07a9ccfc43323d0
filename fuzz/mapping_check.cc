#include "fuzz/mapping_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/mapping/amount_text.h"
#include "core/mapping/date_text.h"
#include "core/mapping/guess.h"
#include "core/mapping/inspection.h"
#include "core/mapping/mapped_row.h"
#include "core/mapping/rates.h"
#include "core/sales/normalize.h"

namespace revops::fuzz {
namespace {

std::string_view TakeUntil(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::vector<std::string_view> Split(std::string_view line) {
  std::vector<std::string_view> fields;
  do {
    fields.push_back(TakeUntil(line, '\t'));
  } while (!line.empty());
  return fields;
}

/// A guess is a mapping that its own file can be read by.
void CheckGuess(std::string_view text) {
  constexpr std::size_t kColumnsMax = 50;
  std::vector<std::string> columns;
  std::string unused;
  for (const std::string_view name : Split(TakeUntil(text, '\n'))) {
    if (columns.size() == kColumnsMax) break;
    std::string unique(name.substr(0, 100));
    // Readers of files give every column a name of its own.
    const auto is_there = [&](const std::string& other) {
      return sales::Fold(sales::Trim(other)) == sales::Fold(sales::Trim(unique));
    };
    while (sales::is_blank(unique) || std::any_of(columns.begin(), columns.end(), is_there)) {
      unique += std::to_string(columns.size());
    }
    columns.push_back(std::move(unique));
  }
  mapping::Guesser guesser(columns);
  std::vector<std::vector<std::optional<std::string_view>>> rows;
  while (!text.empty() && rows.size() < 100) {
    const auto fields = Split(TakeUntil(text, '\n'));
    rows.emplace_back(fields.begin(), fields.end());
    rows.back().resize(columns.size());
    guesser.Add(rows.back());
  }
  const auto guess = guesser.MakeGuess();
  auto reader = mapping::MappedRowReader::Make(guess.mapping, columns, nullptr);
  REVOPS_CHECK(reader.has_value());
  sales::Sale sale;
  for (const auto& row : rows) {
    std::vector<std::optional<std::string_view>> read;
    for (const std::size_t column : reader->file_columns()) read.push_back(row[column]);
    const auto refusal = reader->Read(read, sale);
    REVOPS_CHECK(!refusal || (!refusal->column.empty() && !refusal->reason.empty()));
  }
}

}  // namespace

void CheckMappingToml(std::string_view bytes) {
  const auto read = mapping::ParseToml(bytes, "fuzz");
  if (!read) {
    REVOPS_CHECK(read.error().code == ErrorCode::kInvalidArgument);
    REVOPS_CHECK(!read.error().message.empty());
    return;
  }
  REVOPS_CHECK(mapping::FindProblems(*read).empty());
  REVOPS_CHECK(mapping::SchemaOf(*read).has_value());
  const auto from_json = mapping::ParseJson(mapping::ToJson(*read));
  REVOPS_CHECK(from_json.has_value() && *from_json == *read);
  const auto again = mapping::ParseToml(mapping::ToToml(*read), "fuzz");
  REVOPS_CHECK(again.has_value());
  REVOPS_CHECK(read->shape.empty() || *again == *read);
}

void CheckInspectionJson(std::string_view bytes) {
  const auto read = mapping::ParseInspection(bytes);
  if (!read) {
    REVOPS_CHECK(read.error().code == ErrorCode::kCorrupt);
    REVOPS_CHECK(!read.error().message.empty());
    return;
  }
  REVOPS_CHECK(read->preview.size() <= mapping::Inspection::kPreviewRowsMax);
  REVOPS_CHECK(mapping::FindProblems(read->mapping).empty());
  const std::string text = mapping::ToJson(*read);
  const auto again = mapping::ParseInspection(text);
  REVOPS_CHECK(again.has_value() && mapping::ToJson(*again) == text);
}

void CheckForeignValue(std::string_view bytes) {
  for (const auto mark : {mapping::DecimalMark::kPoint, mapping::DecimalMark::kComma}) {
    auto fault = mapping::AmountFault::kNone;
    const auto amount = mapping::ReadAmountText(bytes, mark, fault);
    REVOPS_CHECK(amount.has_value() == (fault == mapping::AmountFault::kNone));
  }
  for (const auto order : {mapping::DateOrder::kYearMonthDay, mapping::DateOrder::kDayMonthYear,
                           mapping::DateOrder::kMonthDayYear}) {
    const auto date = mapping::ReadDateText(bytes, order);
    REVOPS_CHECK(!date || date->is_representable());
  }
  const auto rates = mapping::RateTable::ParseCsv(bytes, "rates.csv", "USD");
  REVOPS_CHECK(rates.has_value() || !rates.error().message.empty());
  CheckGuess(bytes);
}

}  // namespace revops::fuzz
