#include "core/processor/changes.h"

#include <utility>

#include "core/base/money.h"

namespace revops::processor {
namespace {

constexpr std::string_view kUndated = "undated";

std::string DayName(const std::optional<Date>& sold_on) {
  return sold_on ? sold_on->ToString() : std::string(kUndated);
}

Unexpected Corrupt() {
  return Fail(ErrorCode::kCorrupt, "the day digests are not written as they should be");
}

/// What stands before the separator, which is taken off as well; nullopt without one.
std::optional<std::string_view> TakeUntil(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end + 1);
  return taken;
}

std::optional<warehouse::DayDigest> ParseDay(std::string_view line) {
  warehouse::DayDigest day;
  const auto name = TakeUntil(line, ' ');
  if (!name) return std::nullopt;
  if (*name != kUndated) {
    day.sold_on = Date::Parse(*name);
    if (!day.sold_on) return std::nullopt;
  }
  const auto rows = TakeUntil(line, ' ');
  const auto count = rows ? ParseDecimal(*rows) : std::nullopt;
  if (!count || *count <= 0 || *count > Int128{INT64_MAX}) return std::nullopt;
  if (ToDecimal(*count) != *rows) return std::nullopt;
  day.rows = static_cast<std::uint64_t>(*count);
  day.digest = std::string(line);
  return day;
}

/// Ascending, undated last, no day twice.
bool follows(const warehouse::DayDigest& day, const std::vector<warehouse::DayDigest>& before) {
  if (before.empty()) return true;
  const auto& last = before.back().sold_on;
  return last && (!day.sold_on || *last < *day.sold_on);
}

}  // namespace

std::string MonthName(const std::optional<Date>& sold_on) {
  return sold_on ? sold_on->ToMonth() : std::string(kUndated);
}

std::string EncodeDayDigests(const warehouse::DayDigests& digests) {
  std::string text = digests.algorithm + "\n";
  for (const warehouse::DayDigest& day : digests.days) {
    text += DayName(day.sold_on) + " " + std::to_string(day.rows) + " " + day.digest + "\n";
  }
  return text;
}

Result<warehouse::DayDigests> ParseDayDigests(std::string_view text) {
  const auto algorithm = TakeUntil(text, '\n');
  if (!algorithm) return Corrupt();
  warehouse::DayDigests digests;
  digests.algorithm = std::string(*algorithm);
  while (!text.empty()) {
    const auto line = TakeUntil(text, '\n');
    if (!line) return Corrupt();
    auto day = ParseDay(*line);
    if (!day || !follows(*day, digests.days)) return Corrupt();
    digests.days.push_back(*std::move(day));
  }
  return digests;
}

std::map<std::string, std::uint64_t> RowsByMonth(const warehouse::DayDigests& digests) {
  std::map<std::string, std::uint64_t> rows;
  for (const warehouse::DayDigest& day : digests.days) rows[MonthName(day.sold_on)] += day.rows;
  return rows;
}

Changes Compare(const std::optional<warehouse::DayDigests>& before,
                const warehouse::DayDigests& now) {
  std::map<std::string, const warehouse::DayDigest*> earlier;
  if (before && before->algorithm == now.algorithm) {
    for (const warehouse::DayDigest& day : before->days) earlier[DayName(day.sold_on)] = &day;
  }
  Changes changes;
  const auto note = [&changes](const warehouse::DayDigest& day) {
    ++changes.days;
    changes.months.insert(MonthName(day.sold_on));
  };
  for (const warehouse::DayDigest& day : now.days) {
    const auto found = earlier.find(DayName(day.sold_on));
    if (found == earlier.end()) {
      note(day);
      continue;
    }
    if (*found->second != day) note(day);
    earlier.erase(found);
  }
  for (const auto& [name, vanished] : earlier) note(*vanished);
  return changes;
}

warehouse::DaySelection SelectMonths(const std::set<std::string>& months) {
  warehouse::DaySelection selection;
  for (const std::string& month : months) {
    const auto first = Date::Parse(month + "-01");
    if (!first) {
      selection.undated = true;
      continue;
    }
    const DateRange range = MonthOf(*first);
    if (!selection.ranges.empty() && selection.ranges.back().end == range.start) {
      selection.ranges.back().end = range.end;
    } else {
      selection.ranges.push_back(range);
    }
  }
  return selection;
}

}  // namespace revops::processor
