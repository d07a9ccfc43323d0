#include "core/mapping/column_facts.h"

#include <functional>

#include "core/mapping/amount_text.h"
#include "core/mapping/date_text.h"
#include "core/mapping/text_pieces.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kSamplesMax = 3;
constexpr std::size_t kSampleBytesMax = 200;
constexpr std::size_t kDistinctMax = 500;
/// Rows whose ids are compared; what is unique among them is taken for unique.
constexpr std::uint64_t kUniqueRowsMax = 4'096;
/// A column of whose values not even half are numbers, or dates, is not tried any further.
constexpr std::uint64_t kTrialsMax = 1'000;
constexpr std::uint64_t kIdDigitsMax = 38;
/// Nine of ten values must be what a column is taken for.
constexpr std::uint64_t kMost = 9;
constexpr std::uint64_t kOfTen = 10;
constexpr std::size_t kWordsShownMax = 8;

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= kIdDigitsMax &&
         std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

bool are_half(std::uint64_t some, std::uint64_t all) { return some * 2 >= all; }

bool are_most(std::uint64_t some, std::uint64_t all) {
  return all > 0 && some * kOfTen >= all * kMost;
}

std::string Shortened(std::string_view text) {
  if (text.size() <= kSampleBytesMax) return std::string(text);
  std::size_t size = kSampleBytesMax;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size)) + "…";
}

void ColumnFacts::Add(std::string_view raw) {
  const std::string_view text = TrimBlanks(raw);
  if (text.empty()) return;
  ++filled;
  Remember(text);
  if (filled <= kUniqueRowsMax && is_unique) {
    is_unique = seen.insert(std::hash<std::string_view>()(text)).second;
  }
  if (is_whole_number(text)) {
    ++whole_numbers;
    if (text.size() > 1 && text.front() == '0') has_padded_numbers = true;
  }
  if (filled <= kTrialsMax || are_half(most_decimals(), filled)) TryAmount(text);
  if (filled <= kTrialsMax || are_half(most_dates(), filled)) TryDate(text);
}

void ColumnFacts::Remember(std::string_view text) {
  if (samples.size() < kSamplesMax) {
    std::string sample = Shortened(text);
    if (std::find(samples.begin(), samples.end(), sample) == samples.end()) {
      samples.push_back(std::move(sample));
    }
  }
  if (!values) return;
  const auto [at, is_new] = values->try_emplace(Shortened(text), 0);
  ++at->second;
  if (is_new) order_of_values.push_back(at->first);
  if (values->size() > kDistinctMax) {
    values.reset();
    order_of_values.clear();
    beside.clear();
  }
}

void ColumnFacts::TryAmount(std::string_view text) {
  std::array<std::optional<AmountText>, 2> read;
  std::array<bool, 2> is_decimal{};
  for (std::size_t i = 0; i < kMarks.size(); ++i) {
    AmountFault fault = AmountFault::kNone;
    read[i] = ReadAmountText(text, kMarks[i], fault);
    is_decimal[i] = fault != AmountFault::kNoAmount;
    if (read[i]) ++amounts[i];
    if (is_decimal[i]) ++decimals[i];
  }
  if (is_decimal[0] != is_decimal[1]) ++only_as_amount[is_decimal[0] ? 0 : 1];
  // "1,234" with a decimal comma is more exact than an amount can be, and may be meant all the
  // same.
  const auto& [by_point, by_comma] = read;
  const bool is_same = by_point && by_comma ? by_point->amount == by_comma->amount
                                            : by_point.has_value() == by_comma.has_value();
  if (is_decimal[0] && is_decimal[1] && !is_same && ambiguous_amount.empty()) {
    ambiguous_amount = Shortened(text);
  }
  const auto& either = read[0] ? read[0] : read[1];
  if (either && !either->currency.empty()) ++currencies[either->currency];
}

void ColumnFacts::TryDate(std::string_view text) {
  if (Date::Parse(text)) {
    for (std::uint64_t& count : dates) ++count;
    return;
  }
  for (std::size_t i = 0; i < kOrders.size(); ++i) {
    if (ReadDateText(text, kOrders[i])) ++dates[i];
  }
  if (ambiguous_date.empty() && is_order_needed(text)) ambiguous_date = Shortened(text);
}

Counted MostFrequent(const std::unordered_map<std::string, std::uint64_t>& values) {
  Counted sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

std::string Listed(const Counted& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), kWordsShownMax); ++i) {
    text += (i == 0 ? "" : ", ") + words[i].first + " (" + std::to_string(words[i].second) +
            (words[i].second == 1 ? " row)" : " rows)");
  }
  return words.size() > kWordsShownMax ? text + " …" : text;
}

}  // namespace revops::mapping
