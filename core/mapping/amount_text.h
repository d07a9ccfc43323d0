#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/money.h"
#include "core/mapping/mapping.h"

namespace revops::mapping {

/// An amount as people write it, and the currency beside it.
struct AmountText {
  Money amount;
  std::string currency;  ///< ISO 4217 where the text tells, "$" or "¥" where it does not; or empty
};

enum class AmountFault {
  kNone,
  kNoAmount,
  kTooPrecise,  ///< more than two decimals that are not zeros
};

/// Reads "1234.5", "$1,234.50", "1.234,50 €", "1 234,50", "1'234.50", "(12.00)", "12-",
/// "USD 1.5E+3". Groups are of three digits, or as in 12,34,567. More than two decimals are
/// refused, not rounded, unless they are zeros, or the number has more than 15 digits and its first
/// 15, rounded, have no more than two: spreadsheets write 1234.5000000000001 for 1234.5. nullopt:
/// `fault` says why.
std::optional<AmountText> ReadAmountText(std::string_view text, DecimalMark mark,
                                         AmountFault& fault);

/// What a column of currencies holds, as its ISO 4217 code: "eur", "US Dollar"; else the text
/// itself.
std::string CurrencyCode(std::string_view text);

/// The currencies that a sign may stand for, the likeliest first: "$" is any dollar. Empty: the
/// sign is a code, or unknown.
std::vector<std::string> CurrenciesWritten(std::string_view sign);

/// Whether an amount that carries `written` can be one in `currency`.
bool is_currency(std::string_view written, std::string_view currency);

}  // namespace revops::mapping
