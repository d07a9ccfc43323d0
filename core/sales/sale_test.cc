#include "core/sales/sale.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace revops::sales {
namespace {

const Schema& Fct() { return Schema::FctSales(); }

Sale MakeSale(const char* id, const char* date) {
  Sale sale;
  if (id != nullptr) sale.id = id;
  if (date != nullptr) sale.sold_on = Date::Parse(date);
  sale.amount = Money::FromCents(100);
  sale.texts = {"Sage 50", "North", "Proposal", "Acme", "Open"};
  return sale;
}

std::strong_ordering Compare(const Sale& a, const Sale& b) {
  std::vector<std::optional<std::string_view>> a_texts;
  std::vector<std::optional<std::string_view>> b_texts;
  return CompareCanonically(Fct(), ToView(a, a_texts), ToView(b, b_texts));
}

/// Every sale is less than the ones after it.
void ExpectAscending(const std::vector<Sale>& sales) {
  for (std::size_t i = 0; i < sales.size(); ++i) {
    for (std::size_t j = 0; j < sales.size(); ++j) {
      EXPECT_EQ(Compare(sales[i], sales[j]), i <=> j) << i << " against " << j;
    }
  }
}

TEST(CanonicalOrder, ComparesDatesThenIdsWithNullsLast) {
  ExpectAscending({
      MakeSale("9", "0001-01-01"),
      MakeSale("-10", "2026-11-01"),
      MakeSale("-9", "2026-11-01"),
      MakeSale("0", "2026-11-01"),
      MakeSale("2", "2026-11-01"),
      MakeSale("10", "2026-11-01"),
      MakeSale(nullptr, "2026-11-01"),
      MakeSale("1", "2026-11-02"),
      MakeSale("1", nullptr),
      MakeSale(nullptr, nullptr),
  });
}

TEST(CanonicalOrder, ComparesTheOtherColumnsInTableOrder) {
  const auto with = [](auto change) {
    Sale sale = MakeSale("1", "2026-11-01");
    change(sale);
    return sale;
  };
  ExpectAscending({
      with([](Sale& sale) { sale.texts[4] = "Closed"; }),
      with([](Sale&) {}),
      with([](Sale& sale) { sale.texts[4].reset(); }),
      with([](Sale& sale) { sale.texts[3] = "Zeta"; }),
      with([](Sale& sale) { sale.texts[3].reset(); }),
      with([](Sale& sale) { sale.texts[2] = "Zeta"; }),
      with([](Sale& sale) { sale.amount = Money::FromCents(1000); }),
      with([](Sale& sale) { sale.amount.reset(); }),
      with([](Sale& sale) { sale.texts[1] = "North "; }),
      with([](Sale& sale) { sale.texts[1] = "\xC3\x9Cst"; }),
      with([](Sale& sale) { sale.texts[1].reset(); }),
      with([](Sale& sale) { sale.texts[0].reset(); }),
  });
}

TEST(CanonicalOrder, ComparesTheEmptyTextBeforeOthers) {
  Sale blank = MakeSale("1", "2026-11-01");
  blank.texts[0] = "";
  EXPECT_EQ(Compare(blank, MakeSale("1", "2026-11-01")), std::strong_ordering::less);
}

TEST(CanonicalOrder, ComparesAmountsNumerically) {
  Sale a = MakeSale("1", "2026-11-01");
  Sale b = a;
  a.amount = Money::FromCents(-5000);
  b.amount = Money::FromCents(-600);
  EXPECT_EQ(Compare(a, b), std::strong_ordering::less);
}

TEST(CompareIds, OrdersNumbersOf38Digits) {
  const std::string nines(38, '9');
  const std::string below = "1" + std::string(37, '0');
  const std::vector<std::string> ascending = {
      "-" + nines, "-" + below, "-" + nines.substr(1), "-1",  "0",  "1",
      "9",         "10",        nines.substr(1),       below, nines};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(CompareIds(Fct(), ascending[i], ascending[j]), i <=> j)
          << ascending[i] << " against " << ascending[j];
    }
  }
}

TEST(CompareIds, OrdersTextsBytewise) {
  std::vector<Column> columns = Fct().columns();
  columns[0].type = ColumnType::kText;
  const Schema schema = *Schema::Make(columns);
  EXPECT_EQ(CompareIds(schema, "10", "9"), std::strong_ordering::less);
  EXPECT_EQ(CompareIds(schema, "A", "a"), std::strong_ordering::less);
  EXPECT_EQ(CompareIds(schema, "z", "\xC3\xA4"), std::strong_ordering::less);
}

TEST(SaleView, ConvertsBothWays) {
  Sale sale = MakeSale("7", "2026-11-01");
  sale.texts[3].reset();
  sale.amount.reset();
  std::vector<std::optional<std::string_view>> texts;
  EXPECT_EQ(ToSale(ToView(sale, texts)), sale);
  Sale empty;
  empty.texts.resize(5);
  empty.date_unrepresentable = true;
  EXPECT_EQ(ToSale(ToView(empty, texts)), empty);
}

}  // namespace
}  // namespace revops::sales
