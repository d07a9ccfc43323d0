#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/warehouse/duckdb/test_database.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

sales::Sale MakeSale(std::optional<std::string> id, const std::string& customer) {
  sales::Sale sale;
  sale.id = std::move(id);
  sale.sold_on = Date::FromDays(20'000);
  sale.amount = Money::FromCents(100);
  sale.texts = {"Sage HR", "North", "Proposal", customer, "Open"};
  return sale;
}

/// Gives some rows and then fails.
class FailingSource final : public SaleSource {
 public:
  Result<void> ReadAll(sales::SaleSink& sink) override {
    REVOPS_TRY(SaleList({MakeSale("1", "new")}).ReadAll(sink));
    return Fail(ErrorCode::kInvalidArgument, "line 2 is no row");
  }
};

class DuckDbImport : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database_->CreateSalesTable());
    ASSERT_TRUE(Import({MakeSale("1", "old"), MakeSale("1", "old"), MakeSale("2", "old"),
                        MakeSale(std::nullopt, "old")},
                       ImportMode::kAppend));
  }

  Result<std::uint64_t> Import(std::vector<sales::Sale> rows, ImportMode mode) {
    SaleList source(std::move(rows));
    return database_->Import(source, mode, {});
  }

  /// "1 old" …, ordered.
  std::vector<std::string> Rows() {
    const auto table = Sql(*database_,
                           "SELECT coalesce(SALE_ID::VARCHAR, '-') || ' ' || CUSTOMER_NAME FROM "
                           "FCT_SALES ORDER BY 1");
    std::vector<std::string> rows;
    for (const auto& row : table->rows) rows.push_back(*row.front());
    return rows;
  }

  std::unique_ptr<DuckDbDatabase> database_ = OpenForTest();
};

TEST_F(DuckDbImport, AppendsToWhatIsThere) {
  EXPECT_EQ(*Import({MakeSale("1", "new")}, ImportMode::kAppend), 1U);
  EXPECT_THAT(Rows(), ElementsAre("- old", "1 new", "1 old", "1 old", "2 old"));
}

TEST_F(DuckDbImport, ReplacesEverything) {
  EXPECT_EQ(*Import({MakeSale("3", "new"), MakeSale("3", "new")}, ImportMode::kReplace), 2U);
  EXPECT_THAT(Rows(), ElementsAre("3 new", "3 new"));
  EXPECT_EQ(*Import({}, ImportMode::kReplace), 0U);
  EXPECT_TRUE(Rows().empty());
}

TEST_F(DuckDbImport, UpsertsByIdAndKeepsAllNewRows) {
  EXPECT_EQ(*Import({MakeSale("1", "new"), MakeSale("1", "newer"), MakeSale("9", "new"),
                     MakeSale(std::nullopt, "new")},
                    ImportMode::kUpsert),
            4U);
  EXPECT_THAT(Rows(), ElementsAre("- new", "- old", "1 new", "1 newer", "2 old", "9 new"));
}

TEST_F(DuckDbImport, TakesNothingWhenTheSourceFails) {
  FailingSource source;
  const auto taken = database_->Import(source, ImportMode::kReplace, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "line 2 is no row");
  EXPECT_EQ(Rows().size(), 4U);
}

TEST_F(DuckDbImport, TakesNothingWhenAValueDoesNotFit) {
  sales::Sale dear = MakeSale("3", "new");
  dear.amount = Money::FromCents(1'000'000'000'000);
  sales::Sale late = MakeSale("3", "new");
  late.sold_on = std::nullopt;
  late.date_unrepresentable = true;
  for (const sales::Sale& bad : {dear, late, MakeSale("x", "new"),
                                 MakeSale(std::string(39, '9'), "new"), MakeSale("3", "\xFF")}) {
    const auto taken = Import({MakeSale("1", "new"), bad}, ImportMode::kUpsert);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::kInvalidArgument) << Describe(taken.error());
    EXPECT_EQ(Rows().size(), 4U);
  }
}

TEST_F(DuckDbImport, TakesNothingAfterAStop) {
  std::stop_source stop;
  stop.request_stop();
  SaleList source({MakeSale("1", "new")});
  const auto taken = database_->Import(source, ImportMode::kReplace, stop.get_token());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(Rows().size(), 4U);
}

TEST_F(DuckDbImport, KeepsWhatFillsManyChunks) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < 5'000; ++i) {
    rows.push_back(MakeSale(i % 7 == 0 ? std::nullopt : std::optional(std::to_string(i)), "x"));
    if (i % 5 == 0) rows.back().texts[1] = std::nullopt;
    if (i % 3 == 0) rows.back().amount = std::nullopt;
  }
  EXPECT_EQ(*Import(rows, ImportMode::kReplace), 5'000U);
  const auto counts = Sql(*database_,
                          "SELECT count(*), count(SALE_ID), count(REGION), count(AMOUNT), "
                          "sum(SALE_ID) FROM FCT_SALES");
  EXPECT_THAT(counts->rows.front(), ElementsAre("5000", "4285", "4000", "3333", "10710715"));
}

TEST_F(DuckDbImport, RefusesATableThatWouldLoseCents) {
  ASSERT_TRUE(Sql(*database_, "ALTER TABLE FCT_SALES ALTER AMOUNT TYPE INTEGER"));
  const auto taken = Import({MakeSale("1", "new")}, ImportMode::kAppend);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("DECIMAL(12,2)"));
}

TEST_F(DuckDbImport, SaysWhatToDoWithoutTheTable) {
  ASSERT_TRUE(Sql(*database_, "DROP TABLE FCT_SALES"));
  EXPECT_EQ(Import({}, ImportMode::kAppend).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace revops::warehouse
