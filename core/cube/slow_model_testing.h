#pragma once

#include <optional>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "core/cube/cube.h"

/// The obvious way of counting that the cube is compared with, and random rows for it.
namespace revops::cube {

/// A row by its labels.
struct LabelledRow {
  std::optional<Date> sold_on;
  std::optional<Money> amount;
  std::vector<std::optional<std::string>> labels;
};

inline const std::vector<std::vector<std::optional<std::string>>>& LabelPool() {
  static const std::vector<std::vector<std::optional<std::string>>> pool = {
      {"Sage 50", "Sage HR", "(unknown)", std::nullopt},
      {"North", "South", "\xC3\x9Cst", "(unknown)", std::nullopt},
      {"Proposal", "Negotiation", "Legal", std::nullopt},
      {"open", "closed", "won", "lost", "unknown"},
  };
  return pool;
}

inline rc::Gen<std::vector<LabelledRow>> AnyRows() {
  return rc::gen::container<std::vector<LabelledRow>>(rc::gen::exec([] {
    LabelledRow row;
    const int day = *rc::gen::inRange(-5, 80);
    if (day >= 0) row.sold_on = *Date::Parse("2026-01-15") + day;
    const int cents = *rc::gen::inRange(-300, 1000);
    if (cents % 4 != 0) row.amount = Money::FromCents(cents);
    for (const auto& labels : LabelPool()) row.labels.push_back(*rc::gen::elementOf(labels));
    return row;
  }));
}

inline rc::Gen<sales::Selection> AnySelection(std::size_t dimension) {
  return rc::gen::exec([dimension] {
    auto labels = LabelPool()[dimension];
    labels.emplace_back("of no row");
    const auto label = rc::gen::elementOf(labels);
    sales::Selection selection;
    if (*rc::gen::arbitrary<bool>()) {
      selection.include = *rc::gen::container<decltype(selection.include)>(label);
    }
    if (*rc::gen::arbitrary<bool>()) {
      selection.exclude = *rc::gen::container<decltype(selection.exclude)>(label);
    }
    return selection;
  });
}

inline rc::Gen<sales::Filter> AnyFilter() {
  return rc::gen::exec([] {
    sales::Filter filter;
    const auto bound = [] { return *Date::Parse("2026-01-10") + *rc::gen::inRange(0, 95); };
    if (*rc::gen::arbitrary<bool>()) filter.from = bound();
    if (*rc::gen::arbitrary<bool>()) filter.to = bound();
    const auto count = *rc::gen::inRange<std::size_t>(0, LabelPool().size() + 1);
    for (std::size_t i = 0; i < count; ++i) filter.selections.push_back(*AnySelection(i));
    return filter;
  });
}

inline std::vector<CubeCell> CellsOf(const std::vector<LabelledRow>& rows) {
  std::vector<CubeCell> cells;
  for (const LabelledRow& row : rows) {
    cells.push_back(
        {row.sold_on, row.labels, {1, row.amount ? 1U : 0U, row.amount.value_or(Money())}});
  }
  return cells;
}

inline CubeColumns CubeOf(const std::vector<LabelledRow>& rows) {
  return FromCells(sales::Schema::FctSales(), CellsOf(rows));
}

}  // namespace revops::cube
