#include "core/warehouse/contract_rows_testing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/sales/normalize.h"
#include "core/sales/schema.h"

namespace revops::warehouse {
namespace {

using Text = std::optional<std::string>;

const std::vector<Text> kTexts = {
    std::nullopt,
    "",
    " ",
    "\t",
    "\xC2\xA0",
    " \xC2\xA0\r\n",
    "North",
    "north",
    " North\t",
    "\xC2\xA0North\xC2\xA0",
    "(unknown)",
    "\xC4\xB0stanbul",
    "\xE1\xBA\x9E",
    "\xE2\x80\x8BNorth",
    "a'b\"c,d",
    "\xF0\x9F\x92\xB0",
    "NULL",
    "\\N",
    "e\xCC\x81",
    "\xC3\xA9",
    "%_;--",
};
const std::vector<Text> kStages = {std::nullopt,   "",          "Proposal", " PROPOSAL ",
                                   "proposal",     "Discovery", "quoted",   "N\xC4\x99gotiation",
                                   "\tNegotiation"};
const std::vector<Text> kStatuses = {std::nullopt,   "",        "Open",        "OPEN\t",
                                     "\xC2\xA0open", "Closed",  "won",         "Closed Won",
                                     "lost",         "pending", "op\xC4\x99n", "\xC4\xB0"};
const std::vector<Text> kIds = {std::nullopt,
                                "0",
                                "-1",
                                "1",
                                "2",
                                "9",
                                "10",
                                "11",
                                "99",
                                "99999999999999999999999999999999999999",
                                "-99999999999999999999999999999999999999"};

rc::Gen<std::optional<Date>> AnyDay(Date today) {
  const std::vector<int> ages = {-400, -31, -1, 0, 1, 28, 29, 30, 31, 60, 365};
  std::vector<std::optional<Date>> days = {std::nullopt};
  for (const int age : ages) days.emplace_back(today - age);
  return rc::gen::elementOf(days);
}

rc::Gen<std::optional<Money>> AnyAmount() {
  return rc::gen::element<std::optional<Money>>(
      std::nullopt, Money(), Money::FromCents(1), Money::FromCents(10), Money::FromCents(-5),
      Money::FromCents(100'000), Money::FromCents(999'999'999'999),
      Money::FromCents(-999'999'999'999));
}

sales::Status StatusOf(const sales::Sale& sale, sales::Normalizer& normalizer) {
  const std::size_t status = sales::Schema::FctSales().status_dimension();
  const std::size_t text = sales::Schema::FctSales().dimensions()[status];
  std::optional<std::string_view> raw;
  if (sale.texts[text]) raw = *sale.texts[text];
  return *sales::ParseStatus(*normalizer.Label(status, raw));
}

bool is_before(const sales::Sale& a, const sales::Sale& b) {
  std::vector<std::optional<std::string_view>> texts_a;
  std::vector<std::optional<std::string_view>> texts_b;
  return CompareCanonically(sales::Schema::FctSales(), ToView(a, texts_a), ToView(b, texts_b)) < 0;
}

bool is_newer(const sales::Sale& a, const sales::Sale& b) {
  if (a.sold_on != b.sold_on) return a.sold_on > b.sold_on;
  if (a.id == b.id) return is_before(a, b);
  if (!a.id || !b.id) return a.id.has_value();
  return CompareIds(sales::Schema::FctSales(), *a.id, *b.id) > 0;
}

}  // namespace

sales::Sale MakeSale(const std::string& id, Date sold_on) {
  sales::Sale sale;
  sale.id = id;
  sale.sold_on = sold_on;
  sale.amount = Money::FromCents(12'345);
  sale.texts = {"Sage HR", "North", "Proposal", "Acme Corp", "Open"};
  return sale;
}

rc::Gen<std::vector<sales::Sale>> AnyRows(Date today) {
  const auto text = rc::gen::elementOf(kTexts);
  const auto texts = rc::gen::map(
      rc::gen::tuple(text, text, rc::gen::elementOf(kStages), text, rc::gen::elementOf(kStatuses)),
      [](const std::tuple<Text, Text, Text, Text, Text>& parts) {
        return std::apply([](const auto&... part) { return std::vector<Text>{part...}; }, parts);
      });
  const auto sale = rc::gen::map(
      rc::gen::tuple(rc::gen::elementOf(kIds), AnyDay(today), AnyAmount(), texts),
      [](const std::tuple<Text, std::optional<Date>, std::optional<Money>, std::vector<Text>>& p) {
        return sales::Sale{std::get<0>(p), std::get<1>(p), std::get<2>(p), std::get<3>(p), false};
      });
  return rc::gen::container<std::vector<sales::Sale>>(sale);
}

sales::Definitions NastyDefinitions() {
  sales::Definitions definitions;
  definitions.statuses["pending"] = sales::Status::kOpen;
  definitions.statuses["it's"] = sales::Status::kLost;
  definitions.stage_aliases["quoted"] = "Proposal";
  definitions.stage_aliases["n\xC4\x99gotiation"] = "Negotiation";
  definitions.aliases["region"] = {{"north", "North"}, {"a'b\"c,d", "it's"}, {"\\N", "  "}};
  definitions.aliases["product"] = {{"\xC3\xA9", "e\xCC\x81"}};
  return definitions;
}

std::vector<sales::Sale> SelectedInOrder(std::vector<sales::Sale> rows, const DaySelection& days) {
  std::erase_if(rows, [&](const sales::Sale& sale) {
    if (!sale.sold_on) return !days.undated;
    return std::none_of(days.ranges.begin(), days.ranges.end(),
                        [&](const DateRange& range) { return range.contains(*sale.sold_on); });
  });
  std::stable_sort(rows.begin(), rows.end(), is_before);
  return rows;
}

RecentSales RecentByModel(const std::vector<sales::Sale>& rows, DateRange window,
                          std::uint64_t rows_max, const sales::Definitions& definitions) {
  RecentSales recent;
  sales::Normalizer normalizer(sales::Schema::FctSales(), definitions);
  recent.rows = SelectedInOrder(rows, {{window}, false});
  for (const sales::Sale& sale : recent.rows) {
    cube::Tally& tally = recent.totals[StatusOf(sale, normalizer)];
    ++tally.deals;
    if (sale.amount) {
      ++tally.priced;
      tally.amount += *sale.amount;
    }
  }
  std::stable_sort(recent.rows.begin(), recent.rows.end(), is_newer);
  if (recent.rows.size() > rows_max) recent.rows.resize(rows_max);
  return recent;
}

}  // namespace revops::warehouse
