#include "core/sales/ledger.h"

#include <gtest/gtest.h>

namespace revops::sales {
namespace {

const Schema& Fct() { return Schema::FctSales(); }

Sale MakeSale(const char* id) {
  Sale sale;
  if (id != nullptr) sale.id = id;
  sale.sold_on = Date::Parse("2026-11-22");
  sale.amount = Money::FromCents(100);
  sale.texts = {"Sage 50", "North", "Proposal", "Acme", "Open"};
  return sale;
}

template <class Change>
Sale MakeSale(const char* id, Change change) {
  Sale sale = MakeSale(id);
  change(sale);
  return sale;
}

Ledger LedgerOf(const std::vector<Sale>& sales) {
  Normalizer normalizer(Fct(), Definitions{});
  LedgerBuilder builder(Fct(), normalizer);
  for (const Sale& sale : sales) {
    std::vector<std::optional<std::string_view>> texts;
    builder.Add(ToView(sale, texts));
  }
  return builder.ledger();
}

/// The ledger that has exactly these entries.
Ledger Expected(std::initializer_list<std::pair<LedgerReason, LedgerEntry>> entries) {
  Ledger ledger;
  for (const auto& [reason, entry] : entries) ledger[reason] = entry;
  return ledger;
}

LedgerEntry Entry(std::uint64_t rows, int cents) { return {rows, Money::FromCents(cents)}; }

TEST(LedgerBuilder, HasNothingToSayAboutAnOrdinaryRow) {
  EXPECT_EQ(LedgerOf({MakeSale("1")}), Ledger{});
  EXPECT_EQ(LedgerOf({}), Ledger{});
}

struct ReasonCase {
  const char* name;
  Sale sale;
  Ledger expected;
};

std::vector<ReasonCase> ReasonCases() {
  using enum LedgerReason;
  const auto with = [](auto change) { return MakeSale("1", change); };
  return {
      {"amount NULL", with([](Sale& sale) { sale.amount.reset(); }),
       Expected({{kAmountMissing, Entry(1, 0)}})},
      {"amount 0", with([](Sale& sale) { sale.amount = Money(); }),
       Expected({{kAmountZero, Entry(1, 0)}})},
      {"amount negative", with([](Sale& sale) { sale.amount = Money::FromCents(-5); }),
       Expected({{kAmountNegative, Entry(1, -5)}})},
      {"region NULL", with([](Sale& sale) { sale.texts[1].reset(); }),
       Expected({{kRegionUnknown, Entry(1, 100)}})},
      {"region blank", with([](Sale& sale) { sale.texts[1] = " \xC2\xA0"; }),
       Expected({{kRegionUnknown, Entry(1, 100)}})},
      {"region (unknown)", with([](Sale& sale) { sale.texts[1] = "(unknown)"; }), Expected({})},
      {"product NULL", with([](Sale& sale) { sale.texts[0].reset(); }),
       Expected({{kProductUnknown, Entry(1, 100)}})},
      {"stage NULL", with([](Sale& sale) { sale.texts[2].reset(); }),
       Expected({{kStageMissing, Entry(1, 100)}})},
      {"stage unlisted", with([](Sale& sale) { sale.texts[2] = "Legal"; }),
       Expected({{kStageUnlisted, Entry(1, 100)}})},
      {"status NULL", with([](Sale& sale) { sale.texts[4].reset(); }),
       Expected({{kStatusUnknown, Entry(1, 100)}})},
      {"status unmapped", with([](Sale& sale) { sale.texts[4] = "Parked"; }),
       Expected({{kStatusUnknown, Entry(1, 100)}})},
      {"date NULL", with([](Sale& sale) { sale.sold_on.reset(); }),
       Expected({{kDateMissing, Entry(1, 100)}})},
      {"date unrepresentable", with([](Sale& sale) {
         sale.sold_on.reset();
         sale.date_unrepresentable = true;
       }),
       Expected({{kDateMissing, Entry(1, 100)}, {kDateUnrepresentable, Entry(1, 100)}})},
      {"customer NULL", with([](Sale& sale) { sale.texts[3].reset(); }), Expected({})},
      {"id NULL", MakeSale(nullptr), Expected({{kIdMissing, Entry(1, 100)}})},
  };
}

TEST(LedgerBuilder, GivesEachReason) {
  for (const ReasonCase& reason_case : ReasonCases()) {
    EXPECT_EQ(LedgerOf({reason_case.sale}), reason_case.expected) << reason_case.name;
  }
}

TEST(LedgerBuilder, TellsIdenticalFromConflictingDuplicates) {
  const auto rich = [](Sale& sale) { sale.amount = Money::FromCents(700); };
  const Ledger ledger = LedgerOf({
      MakeSale("1"),
      MakeSale("1"),
      MakeSale("1", rich),
      MakeSale("1", rich),
      MakeSale("2", rich),
  });
  EXPECT_EQ(ledger, Expected({{LedgerReason::kDuplicateIdentical, Entry(2, 800)},
                              {LedgerReason::kDuplicateConflicting, Entry(1, 700)}}));
}

TEST(LedgerBuilder, ComparesEveryColumnOfADuplicate) {
  for (std::size_t text = 0; text < 5; ++text) {
    Sale other = MakeSale("1");
    other.texts[text].reset();
    const Ledger ledger = LedgerOf({MakeSale("1"), other, other, MakeSale("2")});
    EXPECT_EQ(ledger[LedgerReason::kDuplicateConflicting], Entry(1, 100)) << text;
    EXPECT_EQ(ledger[LedgerReason::kDuplicateIdentical], Entry(1, 100)) << text;
  }
}

TEST(LedgerBuilder, LeavesTheSameIdOnAnotherDateToTheWholeSnapshot) {
  const auto later = [](Sale& sale) { sale.sold_on = Date::Parse("2026-11-23"); };
  EXPECT_EQ(LedgerOf({MakeSale("1"), MakeSale("1", later)}), Ledger{});
}

TEST(LedgerBuilder, TakesRowsWithoutIdForNoDuplicates) {
  EXPECT_EQ(LedgerOf({MakeSale(nullptr), MakeSale(nullptr)}),
            Expected({{LedgerReason::kIdMissing, Entry(2, 200)}}));
}

TEST(Ledger, AddsUp) {
  Ledger ledger = LedgerOf({MakeSale(nullptr)});
  ledger += LedgerOf({MakeSale(nullptr), MakeSale("1", [](Sale& sale) { sale.amount.reset(); })});
  EXPECT_EQ(ledger, Expected({{LedgerReason::kIdMissing, Entry(2, 200)},
                              {LedgerReason::kAmountMissing, Entry(1, 0)}}));
}

TEST(LedgerReason, ReadsBackItsName) {
  for (std::size_t i = 0; i < kLedgerReasonCount; ++i) {
    const auto reason = static_cast<LedgerReason>(i);
    EXPECT_EQ(ParseLedgerReason(ToString(reason)), reason);
  }
  EXPECT_EQ(ToString(LedgerReason::kAmountMissing), "amount_missing");
  EXPECT_EQ(ToString(LedgerReason::kIdMissing), "id_missing");
  EXPECT_FALSE(ParseLedgerReason("id"));
}

}  // namespace
}  // namespace revops::sales
