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

/// Finds the columns that a mapping names, and remembers those that the file lacks.
class ColumnFinder {
 public:
  explicit ColumnFinder(const std::vector<std::string>& columns) : columns_(columns) {}

  std::optional<std::size_t> Find(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    const auto same = std::find(columns_.begin(), columns_.end(), *name);
    if (same != columns_.end()) return static_cast<std::size_t>(same - columns_.begin());
    const std::string folded = sales::Fold(sales::Trim(*name));
    const auto alike = std::find_if(columns_.begin(), columns_.end(), [&](const std::string& one) {
      return sales::Fold(sales::Trim(one)) == folded;
    });
    if (alike != columns_.end()) return static_cast<std::size_t>(alike - columns_.begin());
    missing_.push_back(*name);
    return std::nullopt;
  }

  Result<void> CheckAllFound(const Mapping& mapping) const {
    if (missing_.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument,
                "the file lacks the column" + std::string(missing_.size() == 1 ? " " : "s ") +
                    Missing(missing_) + ", which the mapping " + mapping.name + " reads");
  }

 private:
  const std::vector<std::string>& columns_;
  std::vector<std::string> missing_;
};

/// The reason of the first column, then those of others.
void AddReason(const std::string& column, Reason reason, std::optional<Refusal>& refusal) {
  if (!reason) return;
  if (refusal) {
    refusal->reason += "; " + column + " " + *reason;
  } else {
    refusal = Refusal{column, *std::move(reason)};
  }
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
  ColumnFinder finder(file_columns);
  std::vector<std::optional<std::size_t>> sources;
  for (const auto& column : mapping.columns) sources.push_back(finder.Find(column));
  for (const MappedDimension& dimension : mapping.dimensions) {
    sources.push_back(finder.Find(dimension.column));
  }
  const auto currency = finder.Find(mapping.currency_column);
  REVOPS_TRY(finder.CheckAllFound(mapping));
  reader.Place(std::move(sources), currency);
  return reader;
}

void MappedRowReader::Place(std::vector<std::optional<std::size_t>> sources,
                            std::optional<std::size_t> currency) {
  sources.push_back(currency);
  for (const auto& source : sources) {
    if (source) file_columns_.push_back(*source);
  }
  std::sort(file_columns_.begin(), file_columns_.end());
  file_columns_.erase(std::unique(file_columns_.begin(), file_columns_.end()), file_columns_.end());
  for (const auto& source : sources) {
    std::optional<std::size_t>& place = places_.emplace_back();
    if (!source) continue;
    place = static_cast<std::size_t>(
        std::lower_bound(file_columns_.begin(), file_columns_.end(), *source) -
        file_columns_.begin());
  }
  currency_place_ = places_.back();
  places_.pop_back();
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
  const auto at = [&values](std::optional<std::size_t> place) {
    return place ? values[*place] : std::nullopt;
  };
  const auto named = at(currency_place_);
  std::string currency = named ? CurrencyCode(*named) : std::string();
  for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
    const bool is_text =
        i != schema_.id_column() && i != schema_.date_column() && i != schema_.amount_column();
    const auto value = at(places_[i]);
    const std::string& name = schema_.columns()[i].name;
    if (is_text) {
      AddReason(name, ReadText(i, value, row.texts[text++]), refusal);
    } else if (value && !(is_strict_ ? *value : TrimBlanks(*value)).empty()) {
      AddReason(name, ReadValue(i, *value, row, currency), refusal);
    }
  }
  return refusal ? refusal : Finish(currency, row);
}

std::optional<Refusal> MappedRowReader::Finish(const std::string& currency, sales::Sale& row) {
  std::optional<Refusal> refusal;
  const std::string& amount = schema_.columns()[schema_.amount_column()].name;
  if (!is_strict_) {
    AddReason(amount, totals_.Check(schema_, row), refusal);
    if (refusal) return refusal;
    totals_.Add(schema_, row);
  }
  // A rate is that of the row's day, which stands behind the amount.
  if (row.amount) AddReason(amount, TurnIntoCurrency(currency, row), refusal);
  return refusal;
}

std::optional<std::string> MappedRowReader::ReadId(std::string_view text, sales::Sale& row) const {
  if (!is_strict_) text = TrimBlanks(text);
  if (schema_.has_numeric_ids()) {
    const bool is_padded = text.size() > 1 && text.front() == '0';
    if (is_padded && !is_strict_) {
      return "begins with a zero, which a number does not keep: take ids as texts";
    }
    return ReadNumericId(text, row);
  }
  std::optional<std::string> id;
  auto reason = ReadText(schema_.id_column(), text, id);
  if (!reason) row.id = std::move(id);
  return reason;
}

std::optional<std::string> MappedRowReader::ReadValue(std::size_t column, std::string_view text,
                                                      sales::Sale& row,
                                                      std::string& currency) const {
  if (column == schema_.id_column()) return ReadId(text, row);
  if (column == schema_.date_column()) {
    if (is_strict_) return ReadOwnDate(text, row);
    row.sold_on = ReadDateText(text, mapping_.date_order);
    if (row.sold_on) return std::nullopt;
    return "is not a date such as " + Example(mapping_.date_order);
  }
  return is_strict_ ? ReadOwnAmount(text, row) : ReadAmount(text, row, currency);
}

std::optional<std::string> MappedRowReader::ReadAmount(std::string_view text, sales::Sale& row,
                                                       std::string& currency) const {
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
  const auto converted = rates_->Convert(row.amount.value_or(Money()), currency, row.sold_on);
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
