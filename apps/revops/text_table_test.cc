#include "apps/revops/text_table.h"

#include <gtest/gtest.h>

namespace revops::app {
namespace {

const std::vector<std::string> kColumns = {"REGION", "N"};
const std::vector<std::vector<std::optional<std::string>>> kRows = {
    {"Süd", "12"}, {std::nullopt, "3"}, {"", std::nullopt}, {"a,\"b\"\n", "1"}};

TEST(TextTable, AlignsColumnsByCharacters) {
  EXPECT_EQ(RenderTable(kColumns, {{"Süd", "12"}, {std::nullopt, "3"}}, TableFormat::kTable),
            "REGION  N\n"
            "------  --\n"
            "Süd     12\n"
            "        3\n");
  EXPECT_EQ(RenderTable({"N"}, {{"wider"}, {""}}, TableFormat::kTable), "N\n-----\nwider\n\n");
}

TEST(TextTable, StaysATableWhateverItsCellsHold) {
  EXPECT_EQ(RenderTable(kColumns, {{"a\nb\x1b[2J", "1"}}, TableFormat::kTable),
            "REGION   N\n"
            "-------  -\n"
            "a b [2J  1\n");
}

TEST(TextTable, KeepsNullAndTheEmptyTextApartInJson) {
  EXPECT_EQ(RenderTable(kColumns, kRows, TableFormat::kJson),
            "[\n"
            "{\"REGION\":\"Süd\",\"N\":\"12\"},\n"
            "{\"REGION\":null,\"N\":\"3\"},\n"
            "{\"REGION\":\"\",\"N\":null},\n"
            "{\"REGION\":\"a,\\\"b\\\"\\n\",\"N\":\"1\"}\n"
            "]\n");
}

TEST(TextTable, KeepsNullAndTheEmptyTextApartInCsv) {
  EXPECT_EQ(RenderTable(kColumns, kRows, TableFormat::kCsv),
            "REGION,N\n"
            "Süd,12\n"
            ",3\n"
            "\"\",\n"
            "\"a,\"\"b\"\"\n\",1\n");
}

TEST(TextTable, ShowsTablesWithoutRowsOrColumns) {
  EXPECT_EQ(RenderTable(kColumns, {}, TableFormat::kTable), "REGION  N\n------  -\n");
  EXPECT_EQ(RenderTable(kColumns, {}, TableFormat::kJson), "[]\n");
  EXPECT_EQ(RenderTable(kColumns, {}, TableFormat::kCsv), "REGION,N\n");
  EXPECT_EQ(RenderTable({}, {}, TableFormat::kTable), "");
}

TEST(TableFormat, IsOneOfThree) {
  EXPECT_EQ(ParseTableFormat("").value(), TableFormat::kTable);
  EXPECT_EQ(ParseTableFormat("table").value(), TableFormat::kTable);
  EXPECT_EQ(ParseTableFormat("json").value(), TableFormat::kJson);
  EXPECT_EQ(ParseTableFormat("csv").value(), TableFormat::kCsv);
  EXPECT_EQ(ParseTableFormat("xml").error().code, ErrorCode::kInvalidArgument);
}

TEST(TextTable, CountsOneAndMany) {
  EXPECT_EQ(Counted(0, "row"), "0 rows");
  EXPECT_EQ(Counted(1, "row"), "1 row");
  EXPECT_EQ(Counted(2, "snapshot"), "2 snapshots");
}

}  // namespace
}  // namespace revops::app
