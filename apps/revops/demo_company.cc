#include "apps/revops/demo_company.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/random.h"

namespace revops::app {
namespace {

constexpr std::int32_t kHistoryDays = 730;
constexpr int kDealsADayMax = 6;

struct Product {
  std::string_view name;
  std::int64_t typical_amount;
  int share_percent;
};
constexpr std::array kProducts = {
    Product{"Sage Intacct", 62'000, 34},
    Product{"Sage Payroll", 24'000, 27},
    Product{"Sage HR", 17'000, 22},
    Product{"Sage 50", 9'000, 17},
};

struct Region {
  std::string_view name;
  int share_percent;
};
constexpr std::array kRegions = {Region{"North", 36}, Region{"South", 27}, Region{"East", 21},
                                 Region{"West", 16}};

constexpr std::array<std::string_view, 4> kStages = {"Prospecting", "Qualification", "Proposal",
                                                     "Negotiation"};

constexpr std::array<std::string_view, 24> kFirstWords = {
    "Alder",  "Beacon",  "Cobalt",  "Drift",  "Ember",  "Fairway", "Granite", "Harbour",
    "Indigo", "Juniper", "Kestrel", "Lumen",  "Meadow", "Nimbus",  "Orchard", "Pioneer",
    "Quarry", "Ridge",   "Saffron", "Timber", "Umber",  "Vantage", "Willow",  "Zephyr"};
constexpr std::array<std::string_view, 20> kSecondWords = {
    "Bakery",   "Builders", "Clinics", "Dairy",     "Energy",   "Foods",   "Freight",
    "Hotels",   "Labs",     "Legal",   "Logistics", "Media",    "Motors",  "Packaging",
    "Pharmacy", "Press",    "Schools", "Software",  "Textiles", "Workshop"};

class Generator {
 public:
  Generator(std::uint64_t seed, Date today) : random_(seed), today_(today) {}

  std::vector<DemoDeal> Make() {
    std::vector<DemoDeal> deals;
    for (Date day = today_ - kHistoryDays; day <= today_; day = day + 1) {
      const int weekday = (day.days() + 3) % 7;  // Monday is 0
      const bool is_weekend = weekday >= 5;
      const int growth = kDealsADayMax - (today_ - day) / 240;
      const int count = is_weekend ? Below(2) : 1 + Below(growth);
      for (int i = 0; i < count; ++i) deals.push_back(MakeDeal(day));
    }
    return deals;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_.Next() % static_cast<unsigned>(bound)); }
  bool Percent(int chance) { return Below(100) < chance; }

  template <class List>
  const auto& PickByShare(const List& list) {
    int at = Below(100);
    for (const auto& item : list) {
      if (at < item.share_percent) return item;
      at -= item.share_percent;
    }
    return list.back();
  }

  /// Most deals lie near the typical amount, a few far above it.
  Money Amount(std::int64_t typical) {
    std::int64_t percent = 35 + Below(90);
    if (Percent(18)) percent += 60 + Below(160);
    const std::int64_t whole = typical * percent / 100;
    return Money::FromCents(Int128{100} * (whole - whole % 50));
  }

  sales::Sale FirstRow(Date day) {
    const Product& product = PickByShare(kProducts);
    sales::Sale row;
    row.id = std::to_string(next_id_++);
    row.sold_on = day;
    row.amount = Amount(product.typical_amount);
    row.texts = {std::string(product.name), std::string(PickByShare(kRegions).name),
                 std::string(kStages[0]), Customer(), std::string("Open")};
    if (Percent(1)) row.amount.reset();
    if (Percent(1)) row.texts[1].reset();
    return row;
  }

  std::string Customer() {
    return std::string(
               kFirstWords[static_cast<std::size_t>(Below(static_cast<int>(kFirstWords.size())))]) +
           " " +
           std::string(kSecondWords[static_cast<std::size_t>(
               Below(static_cast<int>(kSecondWords.size())))]);
  }

  DemoDeal MakeDeal(Date created_on) {
    DemoDeal deal;
    sales::Sale row = FirstRow(created_on);
    deal.changes.push_back({created_on, row});
    Date day = created_on;
    for (std::size_t stage = 1; stage <= kStages.size(); ++stage) {
      day = day + (3 + Below(22));
      if (day > today_) return deal;
      Advance(row, day, stage);
      deal.changes.push_back({day, row});
      if (row.texts[4] == "Closed") return deal;
    }
    return deal;
  }

  /// One step of a deal: it closes, slips, is repriced or moves to the next stage.
  void Advance(sales::Sale& row, Date day, std::size_t stage) {
    const bool closes = stage == kStages.size() || Percent(16);
    if (closes) {
      row.texts[4] = "Closed";
      row.sold_on = day;
      return;
    }
    row.texts[2] = std::string(kStages[stage]);
    if (Percent(25)) row.sold_on = day;
    if (row.amount && Percent(30)) {
      const Int128 cents = row.amount->cents() * (70 + Below(75)) / 100;
      row.amount = Money::FromCents(cents - cents % 5000);
    }
    if (Percent(1)) row.texts[2] = "On hold";
  }

  SeededRandom random_;
  Date today_;
  std::int64_t next_id_ = 1001;
};

}  // namespace

const sales::Sale* DemoDeal::RowOn(Date day) const {
  const sales::Sale* row = nullptr;
  for (const Change& change : changes) {
    if (change.on <= day) row = &change.row;
  }
  return row;
}

std::vector<DemoDeal> MakeDemoCompany(std::uint64_t seed, Date today) {
  return Generator(seed, today).Make();
}

}  // namespace revops::app
