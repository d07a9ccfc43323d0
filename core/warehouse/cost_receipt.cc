#include "core/warehouse/cost_receipt.h"

#include <array>
#include <charconv>
#include <optional>

namespace revops::warehouse {
namespace {

constexpr std::string_view kFirstLine = "revops costs 1\n";
constexpr std::int32_t kDaysKept = 31;
constexpr std::size_t kCountsPerDay = 8;

using Counts = std::array<std::uint64_t, kCountsPerDay>;

Counts CountsOf(const Costs& costs) {
  return {costs.statements,
          costs.retries,
          static_cast<std::uint64_t>(costs.execution.count()),
          costs.rows,
          costs.bytes,
          costs.avoided_live_questions,
          costs.avoided_digests,
          costs.avoided_months};
}

Costs ToCosts(const Counts& counts) {
  return {.statements = counts[0],
          .retries = counts[1],
          .execution = std::chrono::milliseconds(counts[2]),
          .rows = counts[3],
          .bytes = counts[4],
          .avoided_live_questions = counts[5],
          .avoided_digests = counts[6],
          .avoided_months = counts[7]};
}

/// Takes what stands before `end`, and that; nullopt when it is not there.
std::optional<std::string_view> TakeUntil(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

std::optional<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count > INT64_MAX) {
    return std::nullopt;
  }
  return count;
}

std::optional<std::pair<Date, Costs>> ParseDay(std::string_view line) {
  const auto day = Date::Parse(line.substr(0, line.find(' ')));
  if (!day || !TakeUntil(line, ' ')) return std::nullopt;
  Counts counts{};
  for (std::size_t i = 0; i < kCountsPerDay; ++i) {
    const bool is_last = i + 1 == kCountsPerDay;
    const auto word = is_last ? std::optional(line) : TakeUntil(line, ' ');
    const auto count = word ? ParseCount(*word) : std::nullopt;
    if (!count) return std::nullopt;
    counts[i] = *count;
  }
  return std::pair(*day, ToCosts(counts));
}

}  // namespace

Costs& Costs::operator+=(const Costs& more) {
  statements += more.statements;
  retries += more.retries;
  execution += more.execution;
  rows += more.rows;
  bytes += more.bytes;
  avoided_live_questions += more.avoided_live_questions;
  avoided_digests += more.avoided_digests;
  avoided_months += more.avoided_months;
  return *this;
}

void CostReceipt::Add(Date day, const Costs& more) {
  days_[day] += more;
  days_.erase(days_.begin(), days_.lower_bound(days_.rbegin()->first - (kDaysKept - 1)));
}

std::vector<std::pair<Date, Costs>> CostReceipt::Until(Date today) const {
  const auto begin = days_.lower_bound(today - (kDaysKept - 1));
  const auto end = days_.upper_bound(today);
  return {std::make_reverse_iterator(end), std::make_reverse_iterator(begin)};
}

std::string CostReceipt::Encode() const {
  std::string text(kFirstLine);
  for (const auto& [day, costs] : days_) {
    text += day.ToString();
    for (const std::uint64_t count : CountsOf(costs)) text += ' ' + std::to_string(count);
    text += '\n';
  }
  return text;
}

Result<CostReceipt> CostReceipt::Parse(std::string_view text) {
  const Unexpected damaged = Fail(ErrorCode::kCorrupt, "the receipt of costs is damaged");
  if (!text.starts_with(kFirstLine)) return damaged;
  text.remove_prefix(kFirstLine.size());
  CostReceipt receipt;
  while (!text.empty()) {
    const auto line = TakeUntil(text, '\n');
    const auto day = line ? ParseDay(*line) : std::nullopt;
    const bool ascends =
        day && (receipt.days_.empty() || receipt.days_.rbegin()->first < day->first);
    if (!ascends) return damaged;
    receipt.days_.insert(*day);
  }
  return receipt;
}

}  // namespace revops::warehouse
