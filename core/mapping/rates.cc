#include "core/mapping/rates.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/mapping/text_pieces.h"

namespace revops::mapping {
namespace {

constexpr std::string_view kHeader = "date,currency,rate";
constexpr std::size_t kRateDigitsMax = 18;

/// The next line, without its end.
std::string_view TakeLine(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view TakeField(std::string_view& line) {
  const auto end = line.find(',');
  const std::string_view field = TrimBlanks(line.substr(0, end));
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return field;
}

/// "1.0837" in 10^-places; nullopt: it is no rate above zero, or has more places.
std::optional<std::int64_t> ReadRate(std::string_view text, int places) {
  std::string digits;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (is_digit(c)) {
      digits += c;
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  decimals = std::max(decimals, 0);
  if (digits.empty() || decimals > places) return std::nullopt;
  digits.append(static_cast<std::size_t>(places - decimals), '0');
  if (digits.size() > kRateDigitsMax) return std::nullopt;
  const auto rate = static_cast<std::int64_t>(ParseDecimal(digits).value_or(0));
  return rate > 0 ? std::optional(rate) : std::nullopt;
}

Unexpected Refuse(std::size_t line, const std::string& what) {
  return Fail(ErrorCode::kInvalidArgument,
              "line " + std::to_string(line) + " of the rates " + what);
}

}  // namespace

Result<RateTable> RateTable::ParseCsv(std::string_view text, std::string name, std::string target) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (TakeLine(text) != kHeader) return Refuse(1, "must be " + std::string(kHeader));
  RateTable table;
  table.name_ = std::move(name);
  table.target_ = std::move(target);
  for (std::size_t number = 2; !text.empty(); ++number) {
    const std::string_view line = TakeLine(text);
    if (!TrimBlanks(line).empty()) REVOPS_TRY(table.AddLine(line, number));
  }
  return table;
}

Result<void> RateTable::AddLine(std::string_view line, std::size_t number) {
  const auto day = Date::Parse(TakeField(line));
  const std::string currency(TakeField(line));
  const auto rate = ReadRate(TakeField(line), kRatePlaces);
  if (!day) return Refuse(number, "has no date such as 2026-11-22");
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (currency.size() != 3 || !std::all_of(currency.begin(), currency.end(), is_capital)) {
    return Refuse(number, "has no currency such as EUR");
  }
  if (!rate || !line.empty()) {
    return Refuse(number, "has no rate above zero such as 1.0837, with at most " +
                              std::to_string(kRatePlaces) + " decimals");
  }
  if (rates_.emplace(std::pair(currency, *day), *rate).second) return {};
  return Refuse(number, "has a second rate for " + currency + " of " + day->ToString());
}

bool RateTable::knows(std::string_view currency) const {
  constexpr Date kFirst = Date::FromDays(std::numeric_limits<std::int32_t>::min());
  const auto first = rates_.lower_bound(std::pair(std::string(currency), kFirst));
  return first != rates_.end() && first->first.first == currency;
}

std::optional<Money> RateTable::Convert(const Money& amount, std::string_view currency,
                                        const std::optional<Date>& day) const {
  if (!day) return std::nullopt;
  auto next = rates_.upper_bound(std::pair(std::string(currency), *day));
  if (next == rates_.begin()) return std::nullopt;
  --next;
  if (next->first.first != currency) return std::nullopt;
  Int128 unit = 1;
  for (int i = 0; i < kRatePlaces; ++i) unit *= 10;
  const Int128 exact = amount.cents() * next->second;
  const Int128 half = exact < 0 ? -unit / 2 : unit / 2;
  return Money::FromCents((exact + half) / unit);
}

}  // namespace revops::mapping
