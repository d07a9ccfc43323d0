#include "core/sales/schema.h"

#include <gtest/gtest.h>

namespace revops::sales {
namespace {

std::vector<Column> FctColumns() { return Schema::FctSales().columns(); }

TEST(Schema, KnowsTheColumnsOfFctSales) {
  const Schema& schema = Schema::FctSales();
  EXPECT_EQ(schema.columns().size(), 8u);
  EXPECT_EQ(schema.id_column(), 0u);
  EXPECT_EQ(schema.amount_column(), 3u);
  EXPECT_EQ(schema.date_column(), 6u);
  EXPECT_TRUE(schema.has_numeric_ids());
  EXPECT_EQ(schema.texts(), (std::vector<std::size_t>{1, 2, 4, 5, 7}));
  EXPECT_EQ(schema.dimensions(), (std::vector<std::size_t>{0, 1, 2, 4}));
  EXPECT_EQ(schema.text(3).name, "CUSTOMER_NAME");
  EXPECT_EQ(schema.dimension(schema.status_dimension()).name, "STATUS");
  EXPECT_EQ(schema.dimension_name(schema.stage_dimension()), "stage");
  EXPECT_EQ(schema.FindDimension("region"), schema.region_dimension());
  EXPECT_FALSE(schema.FindDimension("customer_name"));
  EXPECT_FALSE(schema.FindDimension("REGION"));
}

TEST(Schema, TakesFurtherDimensionsAndTextIds) {
  std::vector<Column> columns = FctColumns();
  columns[0].type = ColumnType::kText;
  columns.push_back({"OWNER", ColumnType::kText, ColumnRole::kDimension, 0});
  const auto schema = Schema::Make(columns);
  ASSERT_TRUE(schema);
  EXPECT_FALSE(schema->has_numeric_ids());
  EXPECT_EQ(schema->dimension_count(), 5u);
  EXPECT_EQ(schema->FindDimension("owner"), 4u);
}

TEST(Schema, GivesTheColumnsForFurtherDimensionsAndTextIds) {
  const auto plain = Schema::ForSales({}, false);
  ASSERT_TRUE(plain);
  EXPECT_EQ(*plain, Schema::FctSales());
  const auto schema = Schema::ForSales({"SEGMENT", "OWNER"}, true);
  ASSERT_TRUE(schema);
  EXPECT_FALSE(schema->has_numeric_ids());
  EXPECT_EQ(schema->columns().size(), 10u);
  EXPECT_EQ(schema->dimension_name(4), "segment");
  EXPECT_EQ(schema->dimension_name(5), "owner");
  EXPECT_EQ(schema->text_count(), 7u);
}

TEST(Schema, RefusesFurtherDimensionsThatItCannotHave) {
  const auto refused = [](const std::vector<std::string>& names) {
    const auto schema = Schema::ForSales(names, false);
    return !schema && schema.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_FALSE(refused({"A1", "B", "C", "D"}));
  EXPECT_TRUE(refused({"A1", "B", "C", "D", "E"}));
  EXPECT_TRUE(refused({"OWNER", "OWNER"}));
  EXPECT_TRUE(refused({"owner"}));
  EXPECT_TRUE(refused({"REGION"}));
}

TEST(FurtherDimension, HasANameThatNothingElseHas) {
  for (const char* name : {"OWNER", "SEGMENT", "LEAD_SOURCE", "A", "X9", "STATE", "NOTE",
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234"}) {
    EXPECT_TRUE(is_further_dimension(name)) << name;
  }
  for (const char* name :
       {"", "owner", "9X", "_X", "LEAD SOURCE", "LEAD-SOURCE", "GR\xC3\x96SSE", "NOT_OWNER", "FROM",
        "TO", "AS_OF", "LIMIT", "MONTH", "DEALS", "SALE_ID", "CUSTOMER_NAME", "STATUS",
        "REFUSED_LINE", "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345"}) {
    EXPECT_FALSE(is_further_dimension(name)) << name;
  }
}

TEST(Schema, RefusesColumnsThatAreNoSalesTable) {
  const auto refused = [](auto change) {
    std::vector<Column> columns = FctColumns();
    change(columns);
    const auto schema = Schema::Make(columns);
    return !schema && schema.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](auto& columns) { columns.clear(); }));
  EXPECT_TRUE(refused([](auto& columns) { columns.erase(columns.begin()); }));
  EXPECT_TRUE(refused([](auto& columns) { columns.push_back(columns[3]); }));
  EXPECT_TRUE(refused([](auto& columns) { columns[5].name = "REGION"; }));
  EXPECT_TRUE(refused([](auto& columns) { columns[2].name = "AREA"; }));
  EXPECT_TRUE(refused([](auto& columns) { columns[2].role = ColumnRole::kText; }));
  EXPECT_TRUE(refused([](auto& columns) { columns[3].type = ColumnType::kText; }));
  EXPECT_TRUE(refused([](auto& columns) { columns[5].name = "customer_name"; }));
  EXPECT_TRUE(refused([](auto& columns) { columns[5].name = ""; }));
}

TEST(Schema, ReadsBackTheNamesOfTypesAndRoles) {
  for (const Column& column : FctColumns()) {
    EXPECT_EQ(ParseColumnType(ToString(column.type)), column.type);
    EXPECT_EQ(ParseColumnRole(ToString(column.role)), column.role);
  }
  EXPECT_FALSE(ParseColumnType("Number"));
  EXPECT_FALSE(ParseColumnRole(""));
}

}  // namespace
}  // namespace revops::sales
