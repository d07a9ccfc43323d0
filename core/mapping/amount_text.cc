#include "core/mapping/amount_text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/mapping/text_pieces.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kDigitsMax = 30;
constexpr std::size_t kPlainBytesMax = 20;
constexpr std::size_t kExponentMax = 30;
/// What a double holds for sure.
constexpr std::size_t kSpreadsheetDigits = 15;

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kSigns = {{
    {"US$", "USD"}, {"A$", "AUD"},  {"AU$", "AUD"}, {"C$", "CAD"},  {"CA$", "CAD"}, {"NZ$", "NZD"},
    {"HK$", "HKD"}, {"S$", "SGD"},  {"R$", "BRL"},  {"MX$", "MXN"}, {"$", "$"},     {"€", "EUR"},
    {"£", "GBP"},   {"₹", "INR"},   {"Rs.", "INR"}, {"₩", "KRW"},   {"₽", "RUB"},   {"zł", "PLN"},
    {"Kč", "CZK"},  {"Fr.", "CHF"}, {"¥", "¥"},     {"kr", "kr"},
}};

/// As Dynamics 365 names them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kCurrencyNames = {{
    {"us dollar", "USD"},
    {"euro", "EUR"},
    {"pound sterling", "GBP"},
    {"uk pound sterling", "GBP"},
    {"british pound", "GBP"},
    {"swiss franc", "CHF"},
    {"canadian dollar", "CAD"},
    {"australian dollar", "AUD"},
    {"new zealand dollar", "NZD"},
    {"singapore dollar", "SGD"},
    {"japanese yen", "JPY"},
    {"indian rupee", "INR"},
    {"swedish krona", "SEK"},
    {"norwegian krone", "NOK"},
    {"danish krone", "DKK"},
    {"polish zloty", "PLN"},
    {"brazilian real", "BRL"},
}};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// A currency at the front of `text`, taken off it.
std::string TakeCurrency(std::string_view& text) {
  if (text.empty() || is_digit(text.front())) return {};
  for (const auto& [sign, code] : kSigns) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return std::string(code);
  }
  if (text.size() > 3 && std::all_of(text.begin(), text.begin() + 3, is_upper) &&
      !is_upper(text[3])) {
    std::string code(text.substr(0, 3));
    text.remove_prefix(3);
    return code;
  }
  return {};
}

std::string TakeCurrencyAtEnd(std::string_view& text) {
  if (text.empty() || is_digit(text.back())) return {};
  for (const auto& [sign, code] : kSigns) {
    if (!text.ends_with(sign)) continue;
    text.remove_suffix(sign.size());
    return std::string(code);
  }
  if (text.size() > 3 && std::all_of(text.end() - 3, text.end(), is_upper) &&
      !is_upper(text[text.size() - 4])) {
    std::string code(text.substr(text.size() - 3));
    text.remove_suffix(3);
    return code;
  }
  return {};
}

/// What stands around the digits.
struct Frame {
  bool is_negative = false;
  std::string currency;
};

constexpr std::array<std::string_view, 2> kMinuses = {"-", "\xE2\x88\x92"};

bool TakeMinus(std::string_view& text) {
  for (const std::string_view minus : kMinuses) {
    if (!text.starts_with(minus)) continue;
    text.remove_prefix(minus.size());
    return true;
  }
  return false;
}

bool TakeMinusAtEnd(std::string_view& text) {
  for (const std::string_view minus : kMinuses) {
    if (!text.ends_with(minus)) continue;
    text.remove_suffix(minus.size());
    return true;
  }
  return false;
}

bool TakeParentheses(std::string_view& text) {
  text = TrimBlanks(text);
  if (text.size() < 3 || text.front() != '(' || text.back() != ')') return false;
  text = TrimBlanks(text.substr(1, text.size() - 2));
  return true;
}

/// Leaves the digits with what stands between them. nullopt: two signs or two currencies.
std::optional<Frame> TakeFrame(std::string_view& text) {
  int minuses = 0;
  const auto take_signs = [&] {
    if (TakeParentheses(text)) ++minuses;
    if (TakeMinus(text)) ++minuses;
    if (TakeMinusAtEnd(text)) ++minuses;
    text = TrimBlanks(text);
  };
  take_signs();
  if (minuses == 0 && text.starts_with('+')) text.remove_prefix(1);
  Frame frame;
  frame.currency = TakeCurrency(text);
  text = TrimBlanks(text);
  if (std::string last = TakeCurrencyAtEnd(text); !last.empty()) {
    if (!frame.currency.empty() && frame.currency != last) return std::nullopt;
    frame.currency = std::move(last);
  }
  take_signs();
  if (minuses > 1) return std::nullopt;
  frame.is_negative = minuses == 1;
  return frame;
}

/// Digits in groups that one separator divides: of three, or of two before the last. Nobody puts a
/// zero in front of a group: 0,125 and 0.125 have decimals.
bool are_groups(const std::vector<std::size_t>& sizes, std::string_view digits) {
  if (sizes.size() == 1) return true;
  if (sizes.front() == 0 || sizes.back() != 3 || digits.front() == '0') return false;
  const std::size_t inner = sizes[1];
  if (sizes.size() > 2 && inner != 3 && inner != 2) return false;
  if (sizes.front() > (sizes.size() > 2 ? inner : 3)) return false;
  return std::all_of(sizes.begin() + 1, sizes.end() - 1,
                     [inner](std::size_t size) { return size == inner; });
}

/// The digits of a whole part, without its separators. nullopt: it is none.
std::optional<std::string> WholeDigits(std::string_view text, char decimal_mark) {
  std::string digits;
  std::vector<std::size_t> sizes = {0};
  std::string_view separator;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      digits += text.front();
      ++sizes.back();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t size = GroupMarkSize(text);
    const std::string_view mark = text.substr(0, size);
    if (size == 0 || mark.front() == decimal_mark) return std::nullopt;
    if (!separator.empty() && separator != mark) return std::nullopt;
    separator = mark;
    sizes.push_back(0);
    text.remove_prefix(size);
  }
  if (!are_groups(sizes, digits)) return std::nullopt;
  return digits;
}

/// A number as its digits and where the point stands.
struct Decimal {
  std::string digits;
  std::size_t decimals = 0;
};

bool are_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// Takes "E+06" off the end; false: it is no exponent.
bool TakeExponent(std::string_view& text, int& exponent) {
  const auto at = text.find_first_of("eE");
  if (at == std::string_view::npos) return true;
  std::string_view rest = text.substr(at + 1);
  const bool is_negative = rest.starts_with('-');
  if (is_negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty() || rest.size() > 3 || !are_digits(rest)) return false;
  for (const char c : rest) exponent = exponent * 10 + (c - '0');
  if (exponent > static_cast<int>(kExponentMax)) return false;
  if (is_negative) exponent = -exponent;
  text = text.substr(0, at);
  return true;
}

void Shift(Decimal& number, int exponent) {
  if (exponent < 0) {
    number.decimals += static_cast<std::size_t>(-exponent);
  } else {
    const auto up = static_cast<std::size_t>(exponent);
    if (up > number.decimals) number.digits.append(up - number.decimals, '0');
    number.decimals -= std::min(up, number.decimals);
  }
  if (number.digits.size() <= number.decimals) {
    number.digits.insert(0, number.decimals + 1 - number.digits.size(), '0');
  }
}

std::optional<Decimal> ReadDecimal(std::string_view text, DecimalMark mark) {
  int exponent = 0;
  if (!TakeExponent(text, exponent)) return std::nullopt;
  const char point = mark == DecimalMark::kPoint ? '.' : ',';
  const auto at = text.rfind(point);
  std::string_view whole = text;
  std::string_view fraction;
  if (at != std::string_view::npos) {
    whole = text.substr(0, at);
    fraction = text.substr(at + 1);
  }
  if (!are_digits(fraction) || (whole.empty() && fraction.empty())) return std::nullopt;
  auto digits = WholeDigits(whole, point);
  if (!digits) return std::nullopt;
  Decimal number{*std::move(digits) + std::string(fraction), fraction.size()};
  if (number.digits.size() > kDigitsMax) return std::nullopt;
  Shift(number, exponent);
  return number;
}

/// Adds one to the number that the digits are.
void Increment(std::string& digits) {
  std::size_t i = digits.size();
  while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
  if (i == 0) {
    digits.insert(0, 1, '1');
  } else {
    ++digits[i - 1];
  }
}

void DropZerosAtEnd(Decimal& number) {
  while (number.decimals > 2 && number.digits.back() == '0') {
    number.digits.pop_back();
    --number.decimals;
  }
}

/// Spreadsheets hold doubles and write up to 17 digits of them: 0.30000000000000004. A number of
/// more than 15 digits is taken when its first 15, rounded, have no more than two decimals.
bool RoundSpreadsheetNumber(Decimal& number) {
  const std::size_t first = number.digits.find_first_not_of('0');
  if (first == std::string::npos || number.digits.size() - first <= kSpreadsheetDigits)
    return false;
  const std::size_t surplus = number.digits.size() - first - kSpreadsheetDigits;
  if (surplus > number.decimals) return false;
  const bool rounds_up = number.digits[number.digits.size() - surplus] >= '5';
  number.digits.resize(number.digits.size() - surplus);
  number.decimals -= surplus;
  if (rounds_up) Increment(number.digits);
  DropZerosAtEnd(number);
  return number.decimals <= 2;
}

std::optional<Money> ToMoney(Decimal number, AmountFault& fault) {
  DropZerosAtEnd(number);
  if (number.decimals > 2 && !RoundSpreadsheetNumber(number)) {
    fault = AmountFault::kTooPrecise;
    return std::nullopt;
  }
  if (number.decimals < 2) number.digits.append(2 - number.decimals, '0');
  const auto cents = ParseDecimal(number.digits);
  if (!cents) {
    fault = AmountFault::kNoAmount;
    return std::nullopt;
  }
  return Money::FromCents(*cents);
}

}  // namespace

std::optional<AmountText> ReadAmountText(std::string_view text, DecimalMark mark,
                                         AmountFault& fault) {
  if (mark == DecimalMark::kPoint && text.size() <= kPlainBytesMax) {
    if (const auto plain = Money::Parse(text)) {
      fault = AmountFault::kNone;
      return AmountText{*plain, {}};
    }
  }
  fault = AmountFault::kNoAmount;
  text = TrimBlanks(text);
  auto frame = TakeFrame(text);
  if (!frame || text.empty()) return std::nullopt;
  auto number = ReadDecimal(text, mark);
  if (!number) return std::nullopt;
  const auto amount = ToMoney(*std::move(number), fault);
  if (!amount) return std::nullopt;
  fault = AmountFault::kNone;
  const Money signed_amount = frame->is_negative ? Money() - *amount : *amount;
  return AmountText{signed_amount, std::move(frame->currency)};
}

std::string CurrencyCode(std::string_view text) {
  text = TrimBlanks(text);
  const std::string folded = sales::Fold(text);
  for (const auto& [name, code] : kCurrencyNames) {
    if (name == folded) return std::string(code);
  }
  for (const auto& [sign, code] : kSigns) {
    if (sign == text) return std::string(code);
  }
  const bool is_code = folded.size() == 3 && std::all_of(folded.begin(), folded.end(), [](char c) {
                         return c >= 'a' && c <= 'z';
                       });
  if (!is_code) return std::string(text);
  std::string code = folded;
  for (char& c : code) c = static_cast<char>(c - 'a' + 'A');
  return code;
}

std::vector<std::string> CurrenciesWritten(std::string_view sign) {
  if (sign == "$") {
    return {"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "MXN", "TWD", "CLP", "COP"};
  }
  if (sign == "¥") return {"JPY", "CNY"};
  if (sign == "kr") return {"SEK", "NOK", "DKK", "ISK"};
  return {};
}

bool is_currency(std::string_view written, std::string_view currency) {
  if (written == currency) return true;
  const std::vector<std::string> several = CurrenciesWritten(written);
  return std::find(several.begin(), several.end(), currency) != several.end();
}

}  // namespace revops::mapping
