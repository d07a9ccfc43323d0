#include "core/mapping/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::mapping {
namespace {

using testing::HasSubstr;

Inspection Example() {
  Inspection inspection;
  inspection.format = "csv";
  inspection.encoding = "UTF-16LE";
  inspection.delimiter = ";";
  inspection.header_line = 3;
  inspection.rows = 12;
  inspection.columns = {{"Amount", 12, {"1", "2"}, std::nullopt},
                        {"Stage \"x\"", 11, {"Won"}, {{{"Won", 10}, {"Lost", 1}}}}};
  inspection.mapping.name = "mine";
  inspection.mapping.shape = ShapeOf({"Amount", "Stage \"x\""});
  inspection.mapping.columns[static_cast<std::size_t>(Field::kAmount)] = "Amount";
  inspection.mapping.dimensions = {{"OWNER", "Stage \"x\""}};
  inspection.taken = 11;
  inspection.refused = 1;
  inspection.amount = Money::FromCents(-12'305);
  for (const sales::Status status : sales::kStatuses) inspection.by_status[status] = 2;
  inspection.preview = {
      {4,
       {"1", std::nullopt},
       {{}, {}, {}, "1.00", {}, {}, {}, {}, "Won"},
       sales::Status::kWon,
       "",
       ""},
      {5, {"x", "Won"}, {}, sales::Status::kUnknown, "AMOUNT", "is not an amount"}};
  return inspection;
}

TEST(Inspection, SurvivesItsWay) {
  Inspection inspection = Example();
  inspection.questions = {{"date_order", "Which?", {"day_month_year", "month_day_year"}}};
  inspection.findings = {{true, "Two currencies."}, {false, "A footer."}};
  const std::string text = ToJson(inspection);
  const auto read = ParseInspection(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(ToJson(*read), text);
  EXPECT_EQ(read->columns[1].values, inspection.columns[1].values);
  EXPECT_EQ(read->columns[0].values, std::nullopt);
  EXPECT_EQ(read->mapping, inspection.mapping);
  EXPECT_EQ(read->amount, inspection.amount);
  EXPECT_EQ(read->by_status, inspection.by_status);
  EXPECT_EQ(read->preview[0].values, inspection.preview[0].values);
  EXPECT_EQ(read->preview[0].becomes, inspection.preview[0].becomes);
  EXPECT_EQ(read->preview[1].refused_because, "is not an amount");
  EXPECT_EQ(read->header_line, 3U);
  EXPECT_EQ(read->sheet, "");
}

TEST(Inspection, IsReadyWhenNothingIsOpen) {
  Inspection inspection = Example();
  EXPECT_TRUE(inspection.is_ready());
  EXPECT_THAT(ToJson(inspection), HasSubstr("\"ready\":true"));
  inspection.findings = {{false, "A footer."}};
  EXPECT_TRUE(inspection.is_ready());
  inspection.findings.push_back({true, "Two currencies."});
  EXPECT_FALSE(inspection.is_ready());
  inspection.findings.clear();
  inspection.questions = {{"date_order", "Which?", {"day_month_year", "month_day_year"}}};
  EXPECT_FALSE(inspection.is_ready());
  inspection.questions.clear();
  inspection.taken = 0;
  EXPECT_FALSE(inspection.is_ready());
}

TEST(Inspection, IsCorruptWhereNoWorkerOfOursWroteIt) {
  const std::string good = ToJson(Example());
  const auto refused_with = [&](std::string_view from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    const auto read = ParseInspection(text.replace(at, from.size(), to));
    ASSERT_FALSE(read) << to.substr(0, 100);
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << to.substr(0, 100);
  };
  EXPECT_FALSE(ParseInspection(""));
  EXPECT_FALSE(ParseInspection("[]"));
  EXPECT_FALSE(ParseInspection("{}"));
  refused_with("\"rows\":12", "\"rows\":-1");
  refused_with("\"rows\":12", "\"rows\":\"12\"");
  refused_with("\"amount\":\"-123.05\"", "\"amount\":\"1e5\"");
  refused_with("\"UTF-16LE\"", "7");
  refused_with("[\"1\",\"2\"]", "[\"1\",\"2\",\"3\",\"4\"]");
  refused_with("\"counts_as\":\"won\"", "\"counts_as\":\"sold\"");
  refused_with("[\"1\",null]", "[\"" + std::string(1'000'000, 'x') + "\",null]");
  refused_with("\"name\":\"mine\"", "\"name\":\"../mine\"");
  refused_with("\"findings\":[]", "\"findings\":[1]");
  std::string findings = "\"findings\":[{\"level\":\"problem\",\"text\":\"x\"}";
  for (int i = 0; i < 10'000; ++i) findings += ",{\"level\":\"problem\",\"text\":\"x\"}";
  refused_with("\"findings\":[]", findings + "]");
}

}  // namespace
}  // namespace revops::mapping
