#include "core/processor/figures.h"

#include <functional>

#include <gtest/gtest.h>

namespace revops::processor {
namespace {

using sales::LedgerReason;

/// One dated and one undated row, in two parts, with everything that is checked.
struct Sound {
  std::vector<snapshot::Part> parts;
  std::map<std::string, std::uint64_t> rows_by_month = {{"2026-11", 1}, {"undated", 1}};
  sales::Definitions definitions;
  cube::CubeAnswer answer;
  sales::Ledger ledger;

  Sound() {
    const cube::Tally tally{1, 1, Money::FromCents(500)};
    const cube::Cube cube(cube::FromCells(
        sales::Schema::FctSales(),
        std::vector<cube::CubeCell>{
            {Date::Parse("2026-11-22"), {"Sage 50", "North", "Proposal", "open"}, tally},
            {std::nullopt, {"Sage 50", std::nullopt, "Proposal", "unknown"}, tally}}));
    cube.Query({}, answer);
    parts.resize(2);
    parts[0].month = "2026-11";
    parts[1].month = "undated";
    parts[0].rows = parts[1].rows = 1;
    for (const LedgerReason reason :
         {LedgerReason::kDateMissing, LedgerReason::kRegionUnknown, LedgerReason::kStatusUnknown}) {
      ledger[reason] = {1, Money::FromCents(500)};
    }
  }

  Result<void> Check() const {
    const Date business_date = *Date::Parse("2026-11-22");
    return CheckFigures(
        {sales::Schema::FctSales(), definitions, parts, rows_by_month, business_date}, answer,
        ledger);
  }
};

TEST(CheckFigures, TakesFiguresThatAddUp) { EXPECT_TRUE(Sound().Check()); }

TEST(CheckFigures, RefusesFiguresThatDoNot) {
  const auto groups = [](Sound& sound, std::size_t dimension) -> auto& {
    return sound.answer.dimensions[dimension].front().totals.by_status[0].amount;
  };
  const std::vector<std::pair<const char*, std::function<void(Sound&)>>> mistakes = {
      {"product", [&](Sound& sound) { groups(sound, 0) += Money::FromCents(1); }},
      {"region", [&](Sound& sound) { groups(sound, 1) += Money::FromCents(1); }},
      {"stage", [&](Sound& sound) { groups(sound, 2) += Money::FromCents(1); }},
      {"status", [](Sound& sound) { sound.answer.dimensions[3].pop_back(); }},
      {"month", [](Sound& sound) { sound.answer.months.pop_back(); }},
      {"part's rows", [](Sound& sound) { sound.parts[0].rows = 2; }},
      {"part less", [](Sound& sound) { sound.parts.pop_back(); }},
      {"part of another month", [](Sound& sound) { sound.parts[0].month = "2026-10"; }},
      {"warehouse counts more", [](Sound& sound) { sound.rows_by_month["undated"] = 2; }},
      {"amounts missing",
       [](Sound& sound) { sound.ledger[LedgerReason::kAmountMissing].rows = 1; }},
      {"dates missing", [](Sound& sound) { sound.ledger[LedgerReason::kDateMissing].rows = 0; }},
      {"regions", [](Sound& sound) { sound.ledger[LedgerReason::kRegionUnknown].rows = 2; }},
      {"products", [](Sound& sound) { sound.ledger[LedgerReason::kProductUnknown].rows = 1; }},
      {"stages", [](Sound& sound) { sound.ledger[LedgerReason::kStageMissing].rows = 1; }},
      {"statuses", [](Sound& sound) { sound.ledger[LedgerReason::kStatusUnknown].rows = 0; }},
      {"too many", [](Sound& sound) { sound.ledger[LedgerReason::kIdMissing].rows = 3; }},
  };
  for (const auto& [name, mistake] : mistakes) {
    Sound sound;
    mistake(sound);
    const auto checked = sound.Check();
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::kInternal) << name;
  }
}

}  // namespace
}  // namespace revops::processor
