#include "core/warehouse/further_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::ElementsAre;

std::vector<TableColumn> WithPlain(std::vector<TableColumn> further) {
  std::vector<TableColumn> columns;
  for (const sales::Column& column : sales::Schema::FctSales().columns()) {
    columns.push_back({column.name, true});
  }
  columns.insert(columns.end(), further.begin(), further.end());
  return columns;
}

std::vector<std::string> LeftOut(const FurtherColumns& found) {
  std::vector<std::string> texts;
  for (const LeftOutColumn& column : found.left_out) {
    texts.push_back(column.name + " " + column.why);
  }
  return texts;
}

TEST(FurtherColumns, AreNoneInThePlainTable) {
  const auto found = FindFurtherColumns(WithPlain({}));
  EXPECT_TRUE(found.candidates.empty());
  EXPECT_TRUE(found.left_out.empty());
  EXPECT_TRUE(FurtherFindings(sales::Schema::FctSales(), found.left_out).empty());
}

TEST(FurtherColumns, AreTheFirstFourTextsThatMayBeDimensions) {
  const auto found = FindFurtherColumns(WithPlain({{"Owner", true},
                                                   {"LOADED_AT", false},
                                                   {"A", true},
                                                   {"_NOTES", true},
                                                   {"MONTH", true},
                                                   {"B", true},
                                                   {"C", true},
                                                   {"D", true},
                                                   {"region", true}}));
  EXPECT_THAT(found.candidates, ElementsAre(8, 10, 13, 14, 15));
  EXPECT_EQ(found.dimension_count(), 4U);
  EXPECT_THAT(LeftOut(found),
              ElementsAre("LOADED_AT is no text", "_NOTES has a name that no dimension can have",
                          "MONTH has a name that no dimension can have",
                          "D comes after 4 others, and there may be no more",
                          "region has the name of another column"));
}

TEST(FurtherColumns, AreReportedByDoctor) {
  const auto schema = sales::Schema::ForSales({"OWNER", "SEGMENT"}, false);
  ASSERT_TRUE(schema);
  const auto findings = FurtherFindings(*schema, {{"LOADED_AT", "is no text"}});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].message, "Totals are also split by OWNER and SEGMENT.");
  EXPECT_EQ(findings[1].message, "The column LOADED_AT is left alone: it is no text.");
}

}  // namespace
}  // namespace revops::warehouse
