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

/// Rows that somebody made up, or that nobody says anything of.
class RowsOf final : public SaleSource {
 public:
  explicit RowsOf(std::optional<std::string> origin) : origin_(std::move(origin)) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    return SaleList({MakeSale("1", "new")}).ReadAll(sink);
  }
  std::optional<std::string> origin() const override { return origin_; }

 private:
  std::optional<std::string> origin_;
};

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

  Result<std::uint64_t> Import(std::vector<sales::Sale> rows, ImportMode mode,
                               const sales::Schema& schema = sales::Schema::FctSales()) {
    SaleList source(std::move(rows));
    return database_->Import(source, schema, mode, {});
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

TEST_F(DuckDbImport, SaysWhoseRowsTheTableHoldsOnceItHoldsNoOthers) {
  const SystemClock clock;
  const auto warehouse = database_->AsWarehouse({}, clock);
  const auto origin = [&] { return (*warehouse->BeginRead({}))->origin(); };
  const auto take = [&](const std::optional<std::string>& whose, ImportMode mode) {
    RowsOf source(whose);
    EXPECT_TRUE(database_->Import(source, sales::Schema::FctSales(), mode, {}));
  };
  EXPECT_EQ(origin(), std::nullopt);
  take("demo's", ImportMode::kAppend);
  take("demo's", ImportMode::kUpsert);
  EXPECT_EQ(origin(), std::nullopt) << "others are among them";
  take("demo's", ImportMode::kReplace);
  EXPECT_EQ(origin(), "demo's");
  ASSERT_TRUE(Import({MakeSale("2", "new")}, ImportMode::kUpsert));
  EXPECT_EQ(origin(), "demo's");
  const auto before = *warehouse->BeginRead({});
  ASSERT_TRUE(Import({MakeSale("2", "new")}, ImportMode::kReplace));
  EXPECT_EQ(origin(), "own");
  EXPECT_EQ(before->origin(), "demo's");
  FailingSource failing;
  ASSERT_FALSE(database_->Import(failing, sales::Schema::FctSales(), ImportMode::kRestore, {}));
  EXPECT_EQ(origin(), "own");
  take(std::nullopt, ImportMode::kRestore);
  EXPECT_EQ(origin(), std::nullopt);
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
  const auto taken = database_->Import(source, sales::Schema::FctSales(), ImportMode::kReplace, {});
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
  const auto taken =
      database_->Import(source, sales::Schema::FctSales(), ImportMode::kReplace, stop.get_token());
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

TEST_F(DuckDbImport, CreatesTheTableWithItsRowsOrNotAtAll) {
  ASSERT_TRUE(Sql(*database_, "DROP TABLE FCT_SALES"));
  FailingSource failing;
  EXPECT_FALSE(database_->Import(failing, sales::Schema::FctSales(), ImportMode::kRestore, {}));
  sales::Sale dear = MakeSale("3", "new");
  dear.amount = Money::FromCents(1'000'000'000'000);
  EXPECT_FALSE(Import({dear}, ImportMode::kRestore));
  EXPECT_FALSE(Sql(*database_, "SELECT 1 FROM FCT_SALES"));
  ASSERT_TRUE(Import({MakeSale("1", "new")}, ImportMode::kRestore));
  EXPECT_THAT(Rows(), ElementsAre("1 new"));
}

/// Rows with further dimensions and text ids.
class DuckDbImportOfDimensions : public DuckDbImport {
 protected:
  static sales::Schema SchemaOf(const std::vector<std::string>& dimensions, bool text_ids = false) {
    auto schema = sales::Schema::ForSales(dimensions, text_ids);
    REVOPS_CHECK(schema.has_value());
    return *std::move(schema);
  }

  static sales::Sale With(std::string id, std::vector<std::optional<std::string>> further) {
    sales::Sale sale = MakeSale(std::move(id), "new");
    sale.texts.insert(sale.texts.end(), further.begin(), further.end());
    return sale;
  }

  /// The table's columns: "SALE_ID DECIMAL(38,0)" …
  std::vector<std::string> Columns() {
    const auto table = Sql(*database_,
                           "SELECT column_name || ' ' || data_type FROM "
                           "information_schema.columns WHERE table_name = 'FCT_SALES' ORDER BY "
                           "ordinal_position");
    std::vector<std::string> columns;
    for (const auto& row : table->rows) columns.push_back(*row.front());
    return columns;
  }
  std::vector<std::string> Further() {
    auto columns = Columns();
    columns.erase(columns.begin(), columns.begin() + 8);
    return columns;
  }
};

TEST_F(DuckDbImportOfDimensions, AddsColumnsAndTurnsIdsIntoTexts) {
  ASSERT_TRUE(Import({With("D-7", {"Ann", std::nullopt})}, ImportMode::kAppend,
                     SchemaOf({"OWNER", "GROUP"}, true)));
  EXPECT_THAT(Rows(), ElementsAre("- old", "1 old", "1 old", "2 old", "D-7 new"));
  EXPECT_EQ(Columns().front(), "SALE_ID VARCHAR");
  EXPECT_THAT(Further(), ElementsAre("OWNER VARCHAR", "GROUP VARCHAR"));
  const auto owners =
      Sql(*database_, "SELECT count(OWNER), max(OWNER), count(\"GROUP\") FROM FCT_SALES");
  EXPECT_THAT(owners->rows.front(), ElementsAre("1", "Ann", "0"));
}

TEST_F(DuckDbImportOfDimensions, LeavesWhatRowsOfFewerDimensionsLackEmpty) {
  ASSERT_TRUE(Import({With("D-7", {"Ann"})}, ImportMode::kAppend, SchemaOf({"OWNER"}, true)));
  ASSERT_TRUE(Import({MakeSale("8", "new"), MakeSale("2", "newer")}, ImportMode::kUpsert));
  EXPECT_THAT(Rows(), ElementsAre("- old", "1 old", "1 old", "2 newer", "8 new", "D-7 new"));
  const auto owners = Sql(*database_, "SELECT OWNER FROM FCT_SALES WHERE SALE_ID = '8'");
  EXPECT_EQ(owners->rows.front().front(), std::nullopt);
}

TEST_F(DuckDbImportOfDimensions, MakesRoomOnlyWhenAllRowsAreReplaced) {
  ASSERT_TRUE(Import({With("1", {"a", "b", "c", "d"})}, ImportMode::kReplace,
                     SchemaOf({"A", "B", "C", "D"})));
  const auto refused = Import({With("2", {"b", "e"})}, ImportMode::kAppend, SchemaOf({"B", "E"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(refused.error().message, HasSubstr("A, B, C, D"));
  EXPECT_THAT(Rows(), ElementsAre("1 new"));
  ASSERT_TRUE(Import({With("2", {"b", "e"})}, ImportMode::kReplace, SchemaOf({"B", "E"})));
  EXPECT_THAT(Further(), ElementsAre("B VARCHAR", "E VARCHAR"));
}

TEST_F(DuckDbImportOfDimensions, RestoresColumnsAndTheirOrder) {
  const auto before = Columns();
  ASSERT_TRUE(Sql(*database_, "ALTER TABLE FCT_SALES ADD COLUMN LOADED_AT TIMESTAMP"));
  ASSERT_TRUE(Import({With("x", {"Ann", "Big"})}, ImportMode::kReplace,
                     SchemaOf({"OWNER", "SEGMENT"}, true)));
  ASSERT_TRUE(
      Import({With("5", {"Big", "Ann"})}, ImportMode::kRestore, SchemaOf({"SEGMENT", "OWNER"})));
  EXPECT_EQ(Columns().front(), before.front());
  EXPECT_THAT(Further(), ElementsAre("LOADED_AT TIMESTAMP", "SEGMENT VARCHAR", "OWNER VARCHAR"));
  EXPECT_EQ(Sql(*database_, "SELECT OWNER FROM FCT_SALES")->rows.front().front(), "Ann");
  ASSERT_TRUE(Import({MakeSale("6", "new")}, ImportMode::kRestore));
  EXPECT_THAT(Further(), ElementsAre("LOADED_AT TIMESTAMP"));
  EXPECT_THAT(Rows(), ElementsAre("6 new"));
}

TEST_F(DuckDbImportOfDimensions, SaysWhatToDoWhereATableCannotBeChanged) {
  ASSERT_TRUE(Sql(*database_, "ALTER TABLE FCT_SALES ADD COLUMN OWNER INTEGER"));
  const auto taken = Import({With("7", {"Ann"})}, ImportMode::kAppend, SchemaOf({"OWNER"}));
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("Change it to VARCHAR"));
  ASSERT_TRUE(Sql(*database_, "CREATE INDEX by_product ON FCT_SALES (PRODUCT)"));
  const auto indexed = Import({MakeSale("x", "new")}, ImportMode::kAppend, SchemaOf({}, true));
  ASSERT_FALSE(indexed);
  EXPECT_THAT(indexed.error().message, HasSubstr("Drop the index"));
  EXPECT_EQ(Rows().size(), 4U);
}

TEST_F(DuckDbImportOfDimensions, LeavesAReadThatHasBegunAlone) {
  const SystemClock clock;
  const auto warehouse = database_->AsWarehouse({}, clock);
  const auto read = warehouse->BeginRead({});
  ASSERT_TRUE(read);
  ASSERT_TRUE(Import({With("x", {"Ann"})}, ImportMode::kReplace, SchemaOf({"OWNER"}, true)));
  SaleCollector rows;
  ASSERT_TRUE((*read)->ReadDays(DaySelection::All(), rows));
  EXPECT_EQ(rows.rows.size(), 4U);
  EXPECT_EQ((*read)->schema(), sales::Schema::FctSales());
  const auto next = warehouse->BeginRead({});
  ASSERT_TRUE(next);
  EXPECT_EQ((*next)->schema(), SchemaOf({"OWNER"}, true));
  EXPECT_EQ((*next)->AggregateDays(DaySelection::All())->front().labels.back(), "Ann");
}

}  // namespace
}  // namespace revops::warehouse
