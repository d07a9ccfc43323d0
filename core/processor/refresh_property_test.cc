#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/processor/nights_testing.h"

namespace revops::processor {
namespace {

std::optional<std::string> AnyText(const std::vector<std::string>& values) {
  const auto index = *rc::gen::inRange<std::size_t>(0, values.size() + 1);
  return index == values.size() ? std::nullopt : std::optional(values[index]);
}

sales::Sale AnySale() {
  sales::Sale sale;
  sale.id = AnyText({"1", "2", "3", "4", "-5"});
  const int day = *rc::gen::inRange(-4, 100);
  if (day >= 0) sale.sold_on = *Date::Parse("2026-09-10") + day;
  sale.date_unrepresentable = day == -1;
  if (*rc::gen::inRange(0, 5) != 0) sale.amount = Money::FromCents(*rc::gen::inRange(-20, 100));
  sale.texts = {AnyText({"Sage 50", " Sage 50", "Sage HR"}), AnyText({"North", "South", " "}),
                AnyText({"Proposal", "proposal", "Legal"}), AnyText({"Acme, Inc", "\"x\"", ""}),
                AnyText({"Open", "closed", "Parked", "won"})};
  return sale;
}

void EditRows(std::vector<sales::Sale>& rows) {
  const int edits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < edits; ++i) {
    const bool inserts = rows.empty() || *rc::gen::inRange(0, 3) == 0;
    if (inserts) {
      rows.push_back(AnySale());
      continue;
    }
    const auto at = *rc::gen::inRange<std::size_t>(0, rows.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        rows.push_back(rows[at]);
        break;
      default:
        rows[at] = AnySale();
    }
  }
}

/// The table gets other columns: more, fewer, renamed ones; its ids become texts, or numbers.
void ChangeColumns(Nights& nights) {
  const auto further =
      *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"OWNER"},
                        std::vector<std::string>{"TEAM"}, std::vector<std::string>{"OWNER", "TEAM"},
                        std::vector<std::string>{"TEAM", "OWNER"});
  const bool text_ids = *rc::gen::inRange(0, 2) == 0;
  nights.warehouse.schema = *sales::Schema::ForSales(further, text_ids);
}

/// Values of further columns stay with their rows.
void FillColumns(std::vector<sales::Sale>& rows, std::size_t texts) {
  for (sales::Sale& row : rows) {
    if (row.texts.size() > texts) row.texts.resize(texts);
    while (row.texts.size() < texts) row.texts.push_back(AnyText({"Ann", " Ann", "Bo", ""}));
  }
}

/// Anything that may happen between two refreshes.
void LetTimePass(Nights& nights) {
  if (*rc::gen::inRange(0, 4) == 0) ChangeColumns(nights);
  nights.warehouse.Edit([&](std::vector<sales::Sale>& rows) {
    EditRows(rows);
    FillColumns(rows, nights.warehouse.schema.text_count());
  });
  nights.warehouse.has_tokens = *rc::gen::inRange(0, 4) != 0;
  if (*rc::gen::inRange(0, 3) == 0) nights.NextNight();
  if (*rc::gen::inRange(0, 5) == 0) {
    sales::Definitions definitions = nights.config.definitions;
    ++definitions.version;
    definitions.statuses["parked"] = *rc::gen::element(sales::Status::kOpen, sales::Status::kLost);
    nights.Define(definitions);
  }
  if (*rc::gen::inRange(0, 6) == 0) nights.config.rows_max = *rc::gen::element(5U, 1000U);
  if (*rc::gen::inRange(0, 8) == 0) nights.warehouse.algorithm += "'";
}

TEST(RefreshProperty, IncrementalEqualsFromScratch) {
  EXPECT_TRUE(rc::check([] {
    Nights nights;
    nights.warehouse.Edit([](std::vector<sales::Sale>& rows) {
      const int count = *rc::gen::inRange(0, 12);
      for (int i = 0; i < count; ++i) rows.push_back(AnySale());
    });
    const int refreshes = *rc::gen::inRange(2, 5);
    for (int i = 0; i < refreshes; ++i) {
      const auto report = nights.Refresh();
      if (!report) RC_FAIL(Describe(report.error()));
      const auto current = nights.Current();
      RC_ASSERT(current != nullptr);
      RC_ASSERT(current->id() == report->snapshot_id);
      RC_ASSERT(current->manifest().row_count() == nights.warehouse.rows().size());
      const Truth truth = TruthOf(*current);
      const Truth scratch = nights.ScratchTruth();
      RC_ASSERT(truth.content_hash == scratch.content_hash);
      RC_ASSERT(truth.cube == scratch.cube);
      RC_ASSERT(truth.ledger == scratch.ledger);
      RC_ASSERT(truth == scratch);
      LetTimePass(nights);
    }
  }));
}

}  // namespace
}  // namespace revops::processor
