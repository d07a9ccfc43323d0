#include <functional>

#include <gtest/gtest.h>

#include "core/cube/slow_model_testing.h"

namespace revops::cube {
namespace {

CubeColumns Sound() {
  const Tally tally{2, 1, Money::FromCents(5)};
  return FromCells(sales::Schema::FctSales(),
                   std::vector<CubeCell>{
                       {Date::Parse("2026-11-21"), {"A", "North", "S", "open"}, tally},
                       {Date::Parse("2026-11-21"), {"A", "South", "S", "open"}, tally},
                       {Date::Parse("2026-11-22"), {"A", std::nullopt, "S", "open"}, tally},
                       {std::nullopt, {"A", "North", "S", "open"}, tally},
                   });
}

TEST(Validate, TakesASoundCube) {
  EXPECT_TRUE(Validate(Sound()));
  EXPECT_TRUE(Validate(CubeColumns{}));
}

TEST(Validate, RefusesEveryKindOfDamage) {
  const Int128 huge = Int128{1} << 126U;
  const std::vector<std::pair<const char*, std::function<void(CubeColumns&)>>> damages = {
      {"rows shorter", [](auto& cube) { cube.rows.pop_back(); }},
      {"priced shorter", [](auto& cube) { cube.priced.pop_back(); }},
      {"cents shorter", [](auto& cube) { cube.cents.pop_back(); }},
      {"date codes shorter", [](auto& cube) { cube.date_codes.pop_back(); }},
      {"codes shorter", [](auto& cube) { cube.codes[1].pop_back(); }},
      {"a dimension less", [](auto& cube) { cube.codes.pop_back(); }},
      {"a dictionary less", [](auto& cube) { cube.dictionaries.pop_back(); }},
      {"dates descend", [](auto& cube) { std::swap(cube.dates[0], cube.dates[1]); }},
      {"date twice", [](auto& cube) { cube.dates[1] = cube.dates[0]; }},
      {"date of no cell",
       [](auto& cube) {
         cube.dates = {cube.dates[0], cube.dates[1], cube.dates[1] + 1, cube.dates[1] + 2};
       }},
      {"date too late", [](auto& cube) { cube.dates[1] = *Date::Parse("9999-12-31") + 1; }},
      {"labels descend",
       [](auto& cube) {
         std::swap(cube.dictionaries[1].values[0], cube.dictionaries[1].values[1]);
       }},
      {"label of no cell", [](auto& cube) { cube.dictionaries[1].values.push_back("West"); }},
      {"date code too high", [](auto& cube) { cube.date_codes[3] = 3; }},
      {"code too high", [](auto& cube) { cube.codes[1][2] = 3; }},
      {"code enormous", [](auto& cube) { cube.codes[1][2] = 0xFFFFFFFFU; }},
      {"cells swapped", [](auto& cube) { std::swap(cube.codes[1][0], cube.codes[1][1]); }},
      {"dates swapped", [](auto& cube) { std::swap(cube.date_codes[1], cube.date_codes[2]); }},
      {"cell twice", [](auto& cube) { cube.codes[1][1] = cube.codes[1][0]; }},
      {"no rows", [](auto& cube) { cube.rows[0] = 0; }},
      {"more priced than rows", [](auto& cube) { cube.priced[0] = 3; }},
      {"cents without price", [](auto& cube) { cube.priced[0] = 0; }},
      {"rows overflow", [](auto& cube) { cube.rows[0] = ~std::uint64_t{0}; }},
      {"cents overflow", [huge](auto& cube) { cube.cents[0] = huge; }},
      {"negative cents overflow", [huge](auto& cube) { cube.cents[0] = -huge; }},
  };
  for (const auto& [name, damage] : damages) {
    CubeColumns cube = Sound();
    damage(cube);
    const auto result = Validate(cube);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt) << name;
  }
}

TEST(Validate, TakesWhateverRowsGive) {
  EXPECT_TRUE(rc::check([] { RC_ASSERT(Validate(CubeOf(*AnyRows())).has_value()); }));
}

}  // namespace
}  // namespace revops::cube
