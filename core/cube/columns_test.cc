#include <algorithm>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "core/cube/slow_model_testing.h"

namespace revops::cube {
namespace {

const sales::Schema& Fct() { return sales::Schema::FctSales(); }

/// The raw texts of a row: its labels, spread over the table's texts.
std::vector<std::optional<std::string_view>> RawTexts(const LabelledRow& row) {
  std::vector<std::optional<std::string_view>> texts(Fct().text_count());
  for (std::size_t i = 0; i < row.labels.size(); ++i) {
    if (row.labels[i]) texts[Fct().dimensions()[i]] = *row.labels[i];
  }
  return texts;
}

CubeColumns Build(CubeBuilder& builder, const std::vector<LabelledRow>& rows) {
  for (const LabelledRow& row : rows) {
    const auto texts = RawTexts(row);
    builder.Add({"1", row.sold_on, row.amount, texts, false});
  }
  return builder.Finish();
}

/// Cells by the definition: a map from date and labels.
std::vector<CubeCell> SlowCells(const std::vector<LabelledRow>& rows) {
  const auto less = [](const CubeCell& a, const CubeCell& b) {
    if (a.sold_on != b.sold_on) {
      return a.sold_on && (!b.sold_on || *a.sold_on < *b.sold_on);
    }
    return a.labels < b.labels;
  };
  std::vector<CubeCell> cells;
  for (const CubeCell& row : CellsOf(rows)) {
    const auto found = std::find_if(cells.begin(), cells.end(), [&](const CubeCell& cell) {
      return cell.sold_on == row.sold_on && cell.labels == row.labels;
    });
    if (found == cells.end()) {
      cells.push_back(row);
    } else {
      found->tally += row.tally;
    }
  }
  std::sort(cells.begin(), cells.end(), less);
  return cells;
}

TEST(CubeBuilder, SumsRowsIntoCellsAsTheSlowModelDoes) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *AnyRows();
    sales::Normalizer normalizer(Fct(), sales::Definitions{});
    CubeBuilder builder(Fct(), normalizer);
    const CubeColumns cube = Build(builder, rows);
    RC_ASSERT(Validate(cube).has_value());
    RC_ASSERT(ToCells(cube) == SlowCells(rows));
  }));
}

TEST(CubeBuilder, StartsAnewAfterFinish) {
  sales::Normalizer normalizer(Fct(), sales::Definitions{});
  CubeBuilder builder(Fct(), normalizer);
  const LabelledRow first{Date::Parse("2026-11-22"), Money(), {"A", "B", "Legal", "open"}};
  const LabelledRow second{std::nullopt, std::nullopt, {"C", "B", "Legal", "won"}};
  EXPECT_EQ(Build(builder, {first}), CubeOf({first}));
  EXPECT_EQ(Build(builder, {second}), CubeOf({second}));
  EXPECT_EQ(Build(builder, {}), FromCells(Fct(), {}));
}

TEST(CubeBuilder, JoinsRawTextsOfOneLabel) {
  sales::Normalizer normalizer(Fct(), sales::Definitions{});
  CubeBuilder builder(Fct(), normalizer);
  const Date date = *Date::Parse("2026-11-22");
  const CubeColumns cube =
      Build(builder, {{date, Money::FromCents(1), {"A", " North", "proposal", "OPEN"}},
                      {date, Money::FromCents(2), {"A ", "North\t", " Proposal", "Open"}},
                      {date, std::nullopt, {"A", "NORTH", "PROPOSAL", "oPEN "}}});
  ASSERT_EQ(cube.cell_count(), 2u);
  EXPECT_EQ(cube.dictionaries[1].values, (std::vector<std::string>{"NORTH", "North"}));
  EXPECT_EQ(cube.rows, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(cube.priced, (std::vector<std::uint64_t>{0, 2}));
  EXPECT_EQ(cube.cents, (std::vector<Int128>{0, 3}));
}

TEST(CubeBuilder, KeepsManyLabelsApart) {
  sales::Normalizer normalizer(Fct(), sales::Definitions{});
  CubeBuilder builder(Fct(), normalizer);
  std::vector<LabelledRow> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back(
        {std::nullopt, Money::FromCents(i), {"P" + std::to_string(i), "R", "S", "open"}});
  }
  EXPECT_EQ(Build(builder, rows), CubeOf(rows));
}

TEST(CubeBuilder, SumsAMillionDimesExactly) {
  sales::Normalizer normalizer(Fct(), sales::Definitions{});
  CubeBuilder builder(Fct(), normalizer);
  const LabelledRow row{std::nullopt, Money::FromCents(10), {"A", "B", "Legal", "open"}};
  const auto texts = RawTexts(row);
  for (int i = 0; i < 1'000'000; ++i) {
    builder.Add({"1", row.sold_on, row.amount, texts, false});
  }
  const CubeColumns cube = builder.Finish();
  ASSERT_EQ(cube.cell_count(), 1u);
  EXPECT_EQ(Money::FromCents(cube.cents[0]).ToString(), "100000.00");
}

TEST(FromCells, ReadsBackToCells) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *AnyRows();
    const CubeColumns cube = CubeOf(rows);
    RC_ASSERT(FromCells(Fct(), ToCells(cube)) == cube);
  }));
}

TEST(FromCells, LeavesOutCellsWithoutRows) {
  const CubeColumns cube =
      FromCells(Fct(), std::vector<CubeCell>{{std::nullopt, {"A", "B", "C", "open"}, {}}});
  EXPECT_EQ(cube, FromCells(Fct(), {}));
  EXPECT_EQ(cube.dictionaries.size(), 4u);
  EXPECT_TRUE(Validate(cube));
}

TEST(FromCells, OrdersDatesBeforeTheEpochFirst) {
  const Tally one{1, 0, Money()};
  const std::vector<std::optional<std::string>> labels(4);
  const CubeColumns cube =
      FromCells(Fct(), std::vector<CubeCell>{{std::nullopt, labels, one},
                                             {Date::Parse("9999-12-31"), labels, one},
                                             {Date::Parse("1970-01-01"), labels, one},
                                             {Date::Parse("1969-12-31"), labels, one},
                                             {Date::Parse("0001-01-01"), labels, one}});
  EXPECT_TRUE(Validate(cube));
  EXPECT_EQ(cube.dates.front().ToString(), "0001-01-01");
  EXPECT_EQ(cube.date_codes, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
}

TEST(Merge, EqualsTheCubeOfAllRows) {
  EXPECT_TRUE(rc::check([] {
    const auto parts = *rc::gen::container<std::vector<std::vector<LabelledRow>>>(3, AnyRows());
    std::vector<LabelledRow> all;
    std::vector<CubeColumns> cubes;
    for (const auto& rows : parts) {
      all.insert(all.end(), rows.begin(), rows.end());
      cubes.push_back(CubeOf(rows));
    }
    const std::vector<const CubeColumns*> pointers = {&cubes[0], &cubes[1], &cubes[2]};
    RC_ASSERT(Merge(pointers) == CubeOf(all));
  }));
}

/// The rows of each month, the undated ones last.
std::vector<std::vector<LabelledRow>> ByMonth(const std::vector<LabelledRow>& rows) {
  std::map<std::string, std::vector<LabelledRow>> months;
  for (const LabelledRow& row : rows) {
    months[row.sold_on ? row.sold_on->ToMonth() : "undated"].push_back(row);
  }
  std::vector<std::vector<LabelledRow>> parts;
  for (auto& [month, of_month] : months) parts.push_back(std::move(of_month));
  return parts;
}

TEST(Merge, OfMonthsInAnyOrderEqualsTheCubeOfAllRows) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *AnyRows();
    std::vector<CubeColumns> cubes = {CubeOf({})};
    for (const auto& of_month : ByMonth(rows)) cubes.push_back(CubeOf(of_month));
    std::vector<const CubeColumns*> pointers;
    for (const CubeColumns& cube : cubes) pointers.push_back(&cube);
    RC_ASSERT(Merge(pointers) == CubeOf(rows));
    std::reverse(pointers.begin(), pointers.end());
    RC_ASSERT(Merge(pointers) == CubeOf(rows));
  }));
}

TEST(Merge, SumsTheDayThatTwoPartsShare) {
  const LabelledRow row{Date::Parse("2026-01-31"), Money::FromCents(5), {{}, {}, {}, "open"}};
  const LabelledRow undated{std::nullopt, std::nullopt, {{}, {}, {}, "open"}};
  const CubeColumns first = CubeOf({row, undated});
  const CubeColumns second = CubeOf({row});
  EXPECT_EQ(Merge(std::vector{&first, &second}), CubeOf({row, row, undated}));
  EXPECT_EQ(Merge(std::vector{&first, &first}), CubeOf({row, row, undated, undated}));
}

TEST(Merge, OfNothingHasNoDimensions) { EXPECT_EQ(Merge({}), CubeColumns{}); }

}  // namespace
}  // namespace revops::cube
