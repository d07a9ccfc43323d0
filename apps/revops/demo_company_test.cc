#include "apps/revops/demo_company.h"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "core/sales/schema.h"

namespace revops::app {
namespace {

const Date kToday = *Date::Parse("2026-11-22");
constexpr std::array<std::uint64_t, 3> kSeeds = {1, 7, 0xFFFFFFFFFFFFFFFF};

/// Places in Sale::texts.
constexpr std::size_t kStageText = 2;
constexpr std::size_t kStatusText = 4;

/// The place of a stage in the sales process; -1: on hold.
int StageOf(const sales::Sale& row) {
  constexpr std::array<std::string_view, 4> kStages = {"Prospecting", "Qualification", "Proposal",
                                                       "Negotiation"};
  const auto found = std::find(kStages.begin(), kStages.end(), row.texts[kStageText].value());
  return found == kStages.end() ? -1 : static_cast<int>(found - kStages.begin());
}

bool is_closed(const sales::Sale& row) { return row.texts[kStatusText] == "Closed"; }

bool are_equal(const std::vector<DemoDeal>& a, const std::vector<DemoDeal>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return std::equal(x.changes.begin(), x.changes.end(), y.changes.begin(), y.changes.end(),
                      [](const auto& p, const auto& q) { return p.on == q.on && p.row == q.row; });
  });
}

template <class Check>
void ForEachDeal(Check check) {
  for (const std::uint64_t seed : kSeeds) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (const DemoDeal& deal : MakeDemoCompany(seed, kToday)) check(deal);
  }
}

TEST(DemoCompany, IsTheSameForTheSameSeedAndDay) {
  for (const std::uint64_t seed : kSeeds) {
    EXPECT_TRUE(are_equal(MakeDemoCompany(seed, kToday), MakeDemoCompany(seed, kToday)));
  }
  EXPECT_FALSE(are_equal(MakeDemoCompany(1, kToday), MakeDemoCompany(2, kToday)));
}

TEST(DemoCompany, HasTwoYearsOfDealsWithIdsOfTheirOwn) {
  std::set<std::string> ids;
  const auto deals = MakeDemoCompany(1, kToday);
  for (const DemoDeal& deal : deals) {
    ASSERT_FALSE(deal.changes.empty());
    for (const auto& change : deal.changes) {
      EXPECT_EQ(change.row.id, deal.changes.front().row.id);
    }
    ids.insert(deal.changes.front().row.id.value());
  }
  EXPECT_EQ(ids.size(), deals.size());
  EXPECT_GT(deals.size(), 1000U);
  EXPECT_LT(deals.front().changes.front().on, kToday - 720);
  EXPECT_GT(deals.back().changes.front().on, kToday - 10);
}

TEST(DemoCompany, ChangesDealsInTheOrderOfDaysUntilToday) {
  ForEachDeal([](const DemoDeal& deal) {
    const Date created_on = deal.changes.front().on;
    EXPECT_GE(created_on, kToday - 730);
    for (std::size_t i = 0; i < deal.changes.size(); ++i) {
      const DemoDeal::Change& change = deal.changes[i];
      EXPECT_TRUE(i == 0 || change.on > deal.changes[i - 1].on);
      EXPECT_LE(change.on, kToday);
      EXPECT_GE(change.row.sold_on.value(), created_on);
      EXPECT_LE(change.row.sold_on.value(), change.on);
    }
  });
}

TEST(DemoCompany, MovesStagesForwardAndClosesLast) {
  ForEachDeal([](const DemoDeal& deal) {
    EXPECT_EQ(StageOf(deal.changes.front().row), 0);
    int reached = 0;
    for (std::size_t i = 0; i < deal.changes.size(); ++i) {
      const sales::Sale& row = deal.changes[i].row;
      if (StageOf(row) >= 0) {
        EXPECT_GE(StageOf(row), reached);
        reached = StageOf(row);
      }
      EXPECT_TRUE(!is_closed(row) || i + 1 == deal.changes.size());
      EXPECT_TRUE(!is_closed(row) || row.sold_on == deal.changes[i].on);
    }
  });
}

TEST(DemoCompany, FitsTheTable) {
  const sales::Schema& schema = sales::Schema::FctSales();
  ForEachDeal([&](const DemoDeal& deal) {
    for (const auto& change : deal.changes) {
      ASSERT_EQ(change.row.texts.size(), schema.text_count());
      for (std::size_t i = 0; i < schema.text_count(); ++i) {
        EXPECT_LE(change.row.texts[i].value_or("").size(), schema.text(i).length_max);
      }
      if (!change.row.amount) continue;
      EXPECT_GT(change.row.amount->cents(), 0);
      EXPECT_LT(change.row.amount->cents(), 1'000'000'000);
      EXPECT_EQ(change.row.amount->cents() % 5000, 0);
    }
  });
}

TEST(DemoCompany, IsAsImperfectAsRealTables) {
  for (const std::uint64_t seed : kSeeds) {
    std::size_t without_amount = 0;
    std::size_t without_region = 0;
    std::size_t on_hold = 0;
    for (const DemoDeal& deal : MakeDemoCompany(seed, kToday)) {
      const sales::Sale& row = deal.changes.back().row;
      without_amount += row.amount ? 0U : 1U;
      without_region += row.texts[1] ? 0U : 1U;
      on_hold += StageOf(row) < 0 ? 1U : 0U;
    }
    EXPECT_GT(without_amount, 0U) << seed;
    EXPECT_GT(without_region, 0U) << seed;
    EXPECT_GT(on_hold, 0U) << seed;
  }
}

TEST(DemoDeal, IsWhatTheLastChangeMadeIt) {
  DemoDeal deal;
  sales::Sale row;
  row.id = "1";
  deal.changes.push_back({kToday - 10, row});
  row.id = "2";
  deal.changes.push_back({kToday - 5, row});
  EXPECT_EQ(deal.RowOn(kToday - 11), nullptr);
  EXPECT_EQ(deal.RowOn(kToday - 10)->id, "1");
  EXPECT_EQ(deal.RowOn(kToday - 6)->id, "1");
  EXPECT_EQ(deal.RowOn(kToday - 5)->id, "2");
  EXPECT_EQ(deal.RowOn(kToday)->id, "2");
}

}  // namespace
}  // namespace revops::app
