#include "core/mapping/mapped_row.h"

#include <algorithm>
#include <utility>

#include "core/base/money.h"
#include "core/mapping/amount_text.h"
#include "core/mapping/date_text.h"
#include "core/mapping/text_pieces.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kIdDigitsMax = 38;
// Of mapped files: the embedded engine's texts have no bound of their own.
constexpr std::size_t kTextLengthMax = 255;
constexpr std::size_t kIdLengthMax = 100;
constexpr std::size_t kDateSize = 10;
constexpr std::int64_t kAmountCentsMax = 999'999'999'999;  // NUMBER(12,2)

using Reason = std::optional<std::string>;

std::size_t CharacterCount(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

Reason ReadNumericId(std::string_view text, sales::Sale& row) {
  const auto id = ParseDecimal(text);
  if (!id) return "is not a whole number of at most 38 digits";
  std::string digits = ToDecimal(*id);
  if (digits.size() - (*id < 0 ? 1U : 0U) > kIdDigitsMax) {
    return "is not a whole number of at most 38 digits";
  }
  row.id = std::move(digits);
  return std::nullopt;
}

Reason KeepAmount(const Money& amount, sales::Sale& row) {
  if (amount.cents() > kAmountCentsMax || amount.cents() < -kAmountCentsMax) {
    return "is larger than 9999999999.99";
  }
  row.amount = amount;
  return std::nullopt;
}

Reason ReadOwnAmount(std::string_view text, sales::Sale& row) {
  const auto amount = Money::Parse(text);
  if (!amount) return "is not an amount with at most two decimals, such as 1234.50";
  return KeepAmount(*amount, row);
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

Reason ReadOwnDate(std::string_view text, sales::Sale& row) {
  row.sold_on = Date::Parse(text.substr(0, kDateSize));
  if (!row.sold_on) return "is not a date such as 2026-11-22, in the years 0001 to 9999";
  if (text.size() == kDateSize || is_midnight(text.substr(kDateSize))) return std::nullopt;
  return "has a time of day or a zone; a date is taken, alone or at midnight";
}

std::string Example(DateOrder order) {
  switch (order) {
    case DateOrder::kDayMonthYear:
      return "22.11.2026";
    case DateOrder::kMonthDayYear:
      return "11/22/2026";
    case DateOrder::kYearMonthDay:
      break;
  }
  return "2026-11-22";
}

std::string Missing(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string WhyNotConverted(const RateTable& rates, const std::string& currency,
                            const std::optional<Date>& day) {
  const std::string shown = "is in " + currency.substr(0, 10);
  if (currency == "$" || currency == "¥" || currency == "kr") {
    return shown + ", as several currencies are written: the row must name its own, such as " +
           (currency == "$"    ? "USD"
            : currency == "kr" ? "SEK"
                               : "JPY");
  }
  if (!rates.knows(currency)) return shown + ", of which " + rates.name() + " has no rate";
  if (!day) return shown + ", and without a date there is no rate to take";
  return shown + ", of which " + rates.name() + " has no rate of " + day->ToString() + " or before";
}

}  // namespace

Result<MappedRowReader> MappedRowReader::Make(const Mapping& mapping,
                                              const std::vector<std::string>& file_columns,
                                              const RateTable* rates) {
  MappedRowReader reader;
  reader.mapping_ = mapping;
  reader.is_strict_ = mapping.name == kOwnColumnsName;
  reader.currency_ = mapping.currency;
  if (rates != nullptr && mapping.currency.value_or(rates->target()) == rates->target()) {
    reader.currency_ = rates->target();
    reader.rates_ = rates;
  }
  REVOPS_TRY_ASSIGN(reader.schema_, SchemaOf(mapping));
  std::vector<std::string> missing;
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto found = std::find(file_columns.begin(), file_columns.end(), name);
    if (found != file_columns.end()) return static_cast<std::size_t>(found - file_columns.begin());
    const std::string folded = sales::Fold(sales::Trim(name));
    for (std::size_t i = 0; i < file_columns.size(); ++i) {
      if (sales::Fold(sales::Trim(file_columns[i])) == folded) return i;
    }
    missing.push_back(name);
    return std::nullopt;
  };
  std::vector<std::optional<std::size_t>> sources;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    sources.push_back(mapping.columns[i] ? find(*mapping.columns[i]) : std::nullopt);
  }
  for (const MappedDimension& dimension : mapping.dimensions) {
    sources.push_back(find(dimension.column));
  }
  std::optional<std::size_t> currency;
  if (mapping.currency_column) currency = find(*mapping.currency_column);
  if (!missing.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "the file lacks the column" + std::string(missing.size() == 1 ? " " : "s ") +
                    Missing(missing) + ", which the mapping " + mapping.name + " reads");
  }
  for (const auto& source : sources) {
    if (source) reader.file_columns_.push_back(*source);
  }
  if (currency) reader.file_columns_.push_back(*currency);
  std::sort(reader.file_columns_.begin(), reader.file_columns_.end());
  reader.file_columns_.erase(std::unique(reader.file_columns_.begin(), reader.file_columns_.end()),
                             reader.file_columns_.end());
  const auto place = [&](std::size_t column) {
    return static_cast<std::size_t>(
        std::lower_bound(reader.file_columns_.begin(), reader.file_columns_.end(), column) -
        reader.file_columns_.begin());
  };
  for (const auto& source : sources) {
    reader.places_.push_back(source ? std::optional(place(*source)) : std::nullopt);
  }
  if (currency) reader.currency_place_ = place(*currency);
  return reader;
}

std::optional<Refusal> MappedRowReader::Read(
    std::span<const std::optional<std::string_view>> values, sales::Sale& row) {
  row.id.reset();
  row.sold_on.reset();
  row.amount.reset();
  row.date_unrepresentable = false;
  row.texts.resize(schema_.text_count());
  std::optional<Refusal> refusal;
  std::size_t text = 0;
  std::string currency;
  if (currency_place_ && values[*currency_place_]) {
    currency = CurrencyCode(*values[*currency_place_]);
  }
  const auto refuse = [&](std::size_t column, Reason reason) {
    if (!reason) return;
    const std::string& name = schema_.columns()[column].name;
    if (refusal) {
      refusal->reason += "; " + name + " " + *reason;
    } else {
      refusal = Refusal{name, *std::move(reason)};
    }
  };
  // A rate is that of the row's day, which stands behind the amount.
  for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
    const bool is_text =
        i != schema_.id_column() && i != schema_.date_column() && i != schema_.amount_column();
    const auto value = places_[i] ? values[*places_[i]] : std::nullopt;
    if (is_text) {
      refuse(i, ReadText(i, value, row.texts[text++]));
    } else if (value && !(is_strict_ ? *value : TrimBlanks(*value)).empty()) {
      refuse(i, ReadValue(i, *value, row, currency));
    }
  }
  if (!refusal && row.amount) refuse(schema_.amount_column(), TurnIntoCurrency(currency, row));
  return refusal;
}

std::optional<std::string> MappedRowReader::ReadValue(std::size_t column, std::string_view text,
                                                      sales::Sale& row,
                                                      std::string& currency) const {
  if (column == schema_.id_column()) {
    if (!is_strict_) text = TrimBlanks(text);
    if (schema_.has_numeric_ids()) return ReadNumericId(text, row);
    std::optional<std::string> id;
    auto reason = ReadText(column, text, id);
    if (!reason) row.id = std::move(id);
    return reason;
  }
  if (column == schema_.date_column()) {
    if (is_strict_) return ReadOwnDate(text, row);
    row.sold_on = ReadDateText(text, mapping_.date_order);
    if (row.sold_on) return std::nullopt;
    return "is not a date such as " + Example(mapping_.date_order);
  }
  if (is_strict_) return ReadOwnAmount(text, row);
  AmountFault fault = AmountFault::kNone;
  auto amount = ReadAmountText(text, mapping_.decimal_mark, fault);
  if (!amount) {
    if (fault == AmountFault::kTooPrecise) return "has more than two decimals";
    return std::string("is not an amount such as ") +
           (mapping_.decimal_mark == DecimalMark::kPoint ? "1,234.50" : "1.234,50");
  }
  if (currency.empty()) {
    currency = std::move(amount->currency);
  } else if (!amount->currency.empty() && !is_currency(amount->currency, currency)) {
    return "carries another currency than the row's " + currency.substr(0, 10);
  }
  return KeepAmount(amount->amount, row);
}

std::optional<std::string> MappedRowReader::TurnIntoCurrency(const std::string& currency,
                                                             sales::Sale& row) {
  if (currency.empty() || !currency_ || is_currency(currency, *currency_)) return std::nullopt;
  if (rates_ == nullptr) {
    return "is in " + currency.substr(0, 10) + " and not in " + *currency_ +
           ": without a table of rates (import.rates) amounts of two currencies are never added";
  }
  const auto converted = rates_->Convert(*row.amount, currency, row.sold_on);
  if (!converted) return WhyNotConverted(*rates_, currency, row.sold_on);
  auto refusal = KeepAmount(*converted, row);
  if (!refusal) ++converted_[currency];
  return refusal;
}

std::optional<std::string> MappedRowReader::ReadText(std::size_t column,
                                                     const std::optional<std::string_view>& value,
                                                     std::optional<std::string>& into) const {
  if (!value || (!is_strict_ && TrimBlanks(*value).empty())) {
    into.reset();
    return std::nullopt;
  }
  if (value->find('\0') != std::string_view::npos) return "holds a NUL character";
  const std::size_t length_max = is_strict_ ? schema_.columns()[column].length_max
                                 : column == schema_.id_column() ? kIdLengthMax
                                                                 : kTextLengthMax;
  if (length_max != 0 && value->size() > length_max && CharacterCount(*value) > length_max) {
    return "is longer than " + std::to_string(length_max) + " characters";
  }
  if (into) {
    into->assign(*value);
  } else {
    into.emplace(*value);
  }
  return std::nullopt;
}

}  // namespace revops::mapping
