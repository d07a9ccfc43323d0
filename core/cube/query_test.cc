#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "core/cube/answer.h"
#include "core/cube/prefix_sums.h"
#include "core/cube/slow_model_testing.h"
#include "core/cube/sorted_cells.h"

namespace revops::cube {
namespace {

using Label = std::optional<std::string>;

/// An answer in labels, with nothing left to an order.
struct PlainAnswer {
  StatusTotals totals;
  std::vector<std::map<Label, std::pair<bool, StatusTotals>>> dimensions;
  std::map<std::optional<Date>, StatusTotals> months;

  friend bool operator==(const PlainAnswer&, const PlainAnswer&) = default;
};

bool takes(const sales::Selection& selection, const Label& label) {
  const auto holds = [&](const std::vector<Label>& labels) {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  };
  return (selection.include.empty() || holds(selection.include)) && !holds(selection.exclude);
}

bool takes(const sales::Filter& filter, const std::optional<Date>& date) {
  if (!date) return !filter.from && !filter.to;
  return (!filter.from || *filter.from <= *date) && (!filter.to || *date < *filter.to);
}

PlainAnswer SlowQuery(const std::vector<LabelledRow>& rows, const sales::Filter& filter) {
  PlainAnswer answer;
  answer.dimensions.resize(LabelPool().size());
  const auto selection = [&](std::size_t i) {
    return i < filter.selections.size() ? filter.selections[i] : sales::Selection{};
  };
  for (const LabelledRow& row : rows) {
    if (!takes(filter, row.sold_on)) continue;
    const auto status = *sales::ParseStatus(row.labels[3].value_or("unknown"));
    const Tally tally{1, row.amount ? 1U : 0U, row.amount.value_or(Money())};
    const auto taken_without = [&](std::size_t left_aside) {
      for (std::size_t i = 0; i < row.labels.size(); ++i) {
        if (i != left_aside && !takes(selection(i), row.labels[i])) return false;
      }
      return true;
    };
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
      if (!taken_without(i)) continue;
      auto& [selected, totals] = answer.dimensions[i][row.labels[i]];
      selected = takes(selection(i), row.labels[i]);
      totals[status] += tally;
    }
    if (!taken_without(row.labels.size())) continue;
    answer.totals[status] += tally;
    answer
        .months[row.sold_on ? std::optional(MonthOf(*row.sold_on).start) : std::nullopt][status] +=
        tally;
  }
  return answer;
}

PlainAnswer ToPlain(const CubeColumns& columns, const CubeAnswer& answer) {
  PlainAnswer plain;
  plain.totals = answer.totals;
  plain.dimensions.resize(answer.dimensions.size());
  for (std::size_t i = 0; i < answer.dimensions.size(); ++i) {
    for (const Group& group : answer.dimensions[i]) {
      const Label label =
          group.code == 0 ? std::nullopt : Label(columns.dictionaries[i].values[group.code - 1]);
      plain.dimensions[i][label] = {group.selected, group.totals};
    }
  }
  for (const auto& month : answer.months) plain.months[month.first_on] = month.totals;
  return plain;
}

bool is_in_order(const CubeAnswer& answer) {
  for (const auto& groups : answer.dimensions) {
    if (!std::is_sorted(groups.begin(), groups.end(),
                        [](const Group& a, const Group& b) { return a.code < b.code; })) {
      return false;
    }
  }
  return std::is_sorted(answer.months.begin(), answer.months.end(),
                        [](const CubeAnswer::Month& a, const CubeAnswer::Month& b) {
                          return a.first_on && (!b.first_on || *a.first_on < *b.first_on);
                        });
}

TEST(Query, EqualsTheSlowModel) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *AnyRows();
    const Cube cube(CubeOf(rows));
    CubeAnswer answer;
    for (int i = 0; i < 3; ++i) {  // the answer is reused
      const sales::Filter filter = *AnyFilter();
      cube.Query(filter, answer);
      RC_ASSERT(is_in_order(answer));
      RC_ASSERT(ToPlain(cube.columns(), answer) == SlowQuery(rows, filter));
    }
  }));
}

TEST(Query, IsTheSameFromCellsAndFromPrefixSums) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *AnyRows();
    const CubeIndex index(CubeOf(rows));
    const auto sums = PrefixSums::Build(index);
    RC_ASSERT(sums.has_value());
    const sales::Filter filter = *AnyFilter();
    const DateSpan span = SpanOf(index, filter);
    CubeAnswer scanned;
    PrepareAnswer(index, filter, scanned);
    ScanCells(index, span, scanned);
    FinishAnswer(scanned);
    CubeAnswer summed;
    PrepareAnswer(index, filter, summed);
    sums->Add(index, span, summed);
    FinishAnswer(summed);
    RC_ASSERT(ToPlain(index.columns, scanned) == ToPlain(index.columns, summed));
  }));
}

/// Few combinations over many days: prefix sums pay off.
std::vector<LabelledRow> ManyDays() {
  std::vector<LabelledRow> rows;
  for (int day = 0; day < 400; ++day) {
    for (const char* status : {"open", "closed"}) {
      rows.push_back(
          {*Date::Parse("2025-01-01") + day, Money::FromCents(day), {"A", "North", "X", status}});
    }
  }
  rows.push_back({std::nullopt, Money::FromCents(-7), {"A", std::nullopt, "X", "open"}});
  return rows;
}

TEST(Query, UsesPrefixSumsWhereTheyPayOff) {
  const auto rows = ManyDays();
  const Cube cube(CubeOf(rows));
  const CubeIndex index(cube.columns());
  ASSERT_TRUE(PrefixSums::Build(index)->pays_off(index));
  sales::Filter filter;
  CubeAnswer answer;
  for (const auto& [from, to] :
       {std::pair("2025-01-31", "2025-03-01"), std::pair("2024-01-01", "2027-01-01"),
        std::pair("2025-06-01", "2025-05-01")}) {
    filter.from = Date::Parse(from);
    filter.to = Date::Parse(to);
    cube.Query(filter, answer);
    EXPECT_EQ(ToPlain(cube.columns(), answer), SlowQuery(rows, filter));
  }
  cube.Query({}, answer);
  EXPECT_EQ(ToPlain(cube.columns(), answer), SlowQuery(rows, {}));
}

TEST(PrefixSums, RefusesTooManyEntries) {
  std::vector<LabelledRow> rows;
  for (int i = 0; i < 1100; ++i) {
    rows.push_back({Date::FromDays(i), Money(), {"P" + std::to_string(i), "R", "S", "open"}});
  }
  EXPECT_FALSE(PrefixSums::Build(CubeIndex(CubeOf(rows))));
  const Cube cube(CubeOf(rows));
  CubeAnswer answer;
  cube.Query({}, answer);
  EXPECT_EQ(answer.totals.total().deals, 1100u);
  EXPECT_EQ(answer.dimensions[0].size(), 1100u);
}

TEST(Query, OfAnEmptyCubeIsEmpty) {
  for (const CubeColumns& columns : {CubeOf({}), Merge({})}) {
    const Cube cube(columns);
    CubeAnswer answer;
    cube.Query({}, answer);
    EXPECT_EQ(answer.totals, StatusTotals{});
    EXPECT_EQ(answer.dimensions.size(), columns.dictionaries.size());
    EXPECT_TRUE(answer.months.empty());
  }
}

TEST(Query, TellsTheUnknownGroupFromARegionOfThatName) {
  const Cube cube(CubeOf({{std::nullopt, Money::FromCents(1), {"A", std::nullopt, "S", "open"}},
                          {std::nullopt, Money::FromCents(2), {"A", "(unknown)", "S", "open"}}}));
  sales::Filter filter;
  filter.selections.resize(2);
  filter.selections[1].include = {std::nullopt};
  CubeAnswer answer;
  cube.Query(filter, answer);
  EXPECT_EQ(answer.totals.total().amount, Money::FromCents(1));
  ASSERT_EQ(answer.dimensions[1].size(), 2u);
  EXPECT_EQ(cube.label(1, answer.dimensions[1][0].code), std::nullopt);
  EXPECT_TRUE(answer.dimensions[1][0].selected);
  EXPECT_EQ(cube.label(1, answer.dimensions[1][1].code), "(unknown)");
  EXPECT_FALSE(answer.dimensions[1][1].selected);
}

TEST(Tally, HasNoAmountWhenNothingIsPriced) {
  EXPECT_EQ(Tally{}.known_amount(), Money());
  EXPECT_EQ((Tally{2, 0, Money()}).known_amount(), std::nullopt);
  EXPECT_EQ((Tally{2, 1, Money()}).known_amount(), Money());
  EXPECT_EQ(Tally{}.average(), std::nullopt);
  EXPECT_EQ((Tally{3, 2, Money::FromCents(5)}).average(), Money::FromCents(3));
}

}  // namespace
}  // namespace revops::cube
