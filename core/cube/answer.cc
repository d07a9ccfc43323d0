#include "core/cube/answer.h"

#include <algorithm>
#include <utility>

namespace revops::cube {
namespace {

constexpr std::string_view kStatusColumn = "STATUS";

void SelectCode(const Dictionary& dictionary, const std::optional<std::string>& label,
                bool selected, std::vector<Group>& groups) {
  if (!label) {
    groups.front().selected = selected;
    return;
  }
  const auto found = std::lower_bound(dictionary.values.begin(), dictionary.values.end(), *label);
  if (found == dictionary.values.end() || *found != *label) return;
  groups[static_cast<std::size_t>(found - dictionary.values.begin()) + 1].selected = selected;
}

void PrepareGroups(const Dictionary& dictionary, const sales::Selection* selection,
                   std::vector<Group>& groups) {
  const bool all = selection == nullptr || selection->include.empty();
  groups.resize(dictionary.values.size() + 1);
  for (std::size_t code = 0; code < groups.size(); ++code) {
    groups[code] = {static_cast<std::uint32_t>(code), all, {}};
  }
  if (selection == nullptr) return;
  for (const auto& label : selection->include) SelectCode(dictionary, label, true, groups);
  for (const auto& label : selection->exclude) SelectCode(dictionary, label, false, groups);
}

bool is_empty(const StatusTotals& totals) {
  return std::all_of(totals.by_status.begin(), totals.by_status.end(),
                     [](const Tally& tally) { return tally.deals == 0; });
}

}  // namespace

CubeIndex::CubeIndex(CubeColumns of) : columns(std::move(of)) {
  for (std::size_t i = 0; i < columns.dictionaries.size(); ++i) {
    if (columns.dictionaries[i].name != kStatusColumn) continue;
    status_dimension = i;
    statuses.push_back(sales::Status::kUnknown);
    for (const std::string& value : columns.dictionaries[i].values) {
      statuses.push_back(sales::ParseStatus(value).value_or(sales::Status::kUnknown));
    }
  }
  for (const Date date : columns.dates) {
    const Date first_on = MonthOf(date).start;
    if (months.empty() || months.back() != first_on) months.emplace_back(first_on);
    month_of_date.push_back(static_cast<std::uint32_t>(months.size() - 1));
  }
  month_of_date.push_back(static_cast<std::uint32_t>(months.size()));
  months.emplace_back(std::nullopt);
}

DateSpan SpanOf(const CubeIndex& index, const sales::Filter& filter) {
  const std::vector<Date>& dates = index.columns.dates;
  const auto code = [&](Date date) {
    return static_cast<std::uint32_t>(std::lower_bound(dates.begin(), dates.end(), date) -
                                      dates.begin());
  };
  DateSpan span;
  span.begin = filter.from ? code(*filter.from) : 0;
  span.end = filter.to ? code(*filter.to) : index.undated_code();
  span.end = std::max(span.begin, span.end);
  span.undated = !filter.from && !filter.to;
  return span;
}

void PrepareAnswer(const CubeIndex& index, const sales::Filter& filter, CubeAnswer& answer) {
  answer.totals = {};
  answer.dimensions.resize(index.dimension_count());
  for (std::size_t i = 0; i < answer.dimensions.size(); ++i) {
    PrepareGroups(index.columns.dictionaries[i],
                  i < filter.selections.size() ? &filter.selections[i] : nullptr,
                  answer.dimensions[i]);
  }
  answer.months.resize(index.months.size());
  for (std::size_t i = 0; i < answer.months.size(); ++i) answer.months[i] = {index.months[i], {}};
}

void FinishAnswer(CubeAnswer& answer) {
  for (std::vector<Group>& groups : answer.dimensions) {
    std::erase_if(groups, [](const Group& group) { return is_empty(group.totals); });
  }
  std::erase_if(answer.months,
                [](const CubeAnswer::Month& month) { return is_empty(month.totals); });
}

}  // namespace revops::cube
