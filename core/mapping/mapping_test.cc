#include "core/mapping/mapping.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kOwn = {"SALE_ID", "PRODUCT",       "REGION",    "AMOUNT",
                                       "STAGE",   "CUSTOMER_NAME", "SALE_DATE", "STATUS"};

std::optional<std::string>& ColumnOf(Mapping& mapping, Field field) {
  return mapping.columns[static_cast<std::size_t>(field)];
}

Mapping Example() {
  Mapping mapping;
  mapping.name = "salesforce";
  mapping.shape = "0123456789abcdef";
  ColumnOf(mapping, Field::kId) = "Opportunity ID";
  ColumnOf(mapping, Field::kAmount) = "Amount";
  ColumnOf(mapping, Field::kStage) = "Stage";
  ColumnOf(mapping, Field::kStatus) = "Stage";
  mapping.dimensions = {{"OWNER", "Opportunity Owner"}, {"LEAD_SOURCE", "Lead Source"}};
  mapping.text_ids = true;
  mapping.date_order = DateOrder::kMonthDayYear;
  mapping.currency = "USD";
  mapping.currency_column = "Amount Currency";
  mapping.stages = {"Prospecting", "Closed Won"};
  mapping.statuses = {{"prospecting", sales::Status::kOpen}, {"closed won", sales::Status::kWon}};
  return mapping;
}

std::string Text() {
  return *rc::gen::container<std::string>(
      rc::gen::element('a', 'B', '1', ' ', '"', '\\', '\'', '\n', '=', '#', '[', ']', '.', '\t'));
}

/// Not blank, and without blanks at its ends.
std::string Word() {
  const std::string text = Text();
  const std::string_view trimmed = sales::Trim(text);
  return trimmed.empty() ? "word" : std::string(trimmed);
}

Mapping AnyMapping() {
  Mapping mapping;
  mapping.name = *rc::gen::element("a", "b-2", "salesforce");
  mapping.shape = *rc::gen::element("", "0123456789abcdef");
  std::set<std::string> used;
  const auto unused = [&used] {
    std::string word = Word();
    while (!used.insert(sales::Fold(word)).second) word += "x";
    return word;
  };
  for (auto& column : mapping.columns) {
    if (*rc::gen::arbitrary<bool>()) column = unused();
  }
  if (*rc::gen::arbitrary<bool>()) {
    ColumnOf(mapping, Field::kStatus) = ColumnOf(mapping, Field::kStage);
  }
  for (const char* name : {"OWNER", "SEGMENT", "TEAM", "LEAD_SOURCE"}) {
    if (*rc::gen::arbitrary<bool>()) mapping.dimensions.push_back({name, unused()});
  }
  mapping.text_ids = *rc::gen::arbitrary<bool>();
  mapping.date_order = *rc::gen::element(DateOrder::kYearMonthDay, DateOrder::kDayMonthYear,
                                         DateOrder::kMonthDayYear);
  mapping.decimal_mark = *rc::gen::element(DecimalMark::kPoint, DecimalMark::kComma);
  if (*rc::gen::arbitrary<bool>()) mapping.currency = "EUR";
  if (*rc::gen::arbitrary<bool>()) mapping.currency_column = Word();
  used.clear();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) mapping.stages.push_back(unused());
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    mapping.statuses[sales::Fold(Word())] = *rc::gen::elementOf(sales::kStatuses);
  }
  return mapping;
}

/// A mapping without a shape only says what words mean.
Mapping WordsOf(const Mapping& mapping) {
  Mapping words;
  words.name = mapping.name;
  words.currency = mapping.currency;
  words.stages = mapping.stages;
  words.statuses = mapping.statuses;
  return words;
}

TEST(Mapping, SurvivesItsFile) {
  EXPECT_TRUE(rc::check("TOML and back", [] {
    const Mapping mapping = AnyMapping();
    const std::string text = ToToml(mapping);
    RC_LOG(text);
    const auto read = ParseToml(text, mapping.name);
    if (!read) RC_FAIL(read.error().message);
    RC_ASSERT(*read == (mapping.shape.empty() ? WordsOf(mapping) : mapping));
  }));
}

TEST(Mapping, SurvivesTheApi) {
  EXPECT_TRUE(rc::check("JSON and back", [] {
    const Mapping mapping = AnyMapping();
    const auto read = ParseJson(ToJson(mapping));
    if (!read) RC_FAIL(read.error().message);
    RC_ASSERT(*read == mapping);
  }));
}

TEST(Mapping, IsReadAsSomebodyWroteIt) {
  const auto mapping = ParseToml(R"(
# mine
shape = "0123456789abcdef"
dimensions = [["OWNER", "Opportunity Owner"], ["LEAD_SOURCE", "Lead Source"]]
text_ids = true
date_order = "month_day_year"
currency = "USD"
currency_column = "Amount Currency"
stages = ["Prospecting", "Closed Won"]
[columns]
sale_id = "Opportunity ID"
amount = 'Amount'
stage = "Stage"
status = "Stage"
[statuses]
Prospecting = "open"
" Closed Won " = "won"
)",
                                 "salesforce");
  ASSERT_TRUE(mapping) << mapping.error().message;
  EXPECT_EQ(*mapping, Example());
}

TEST(Mapping, TellsEveryBadKeyOfItsFile) {
  const auto mapping = ParseToml(R"(
shape = 5
date_order = "month_first"
decimal_mark = "dot"
currency = "dollar"
colour = "red"
stages = ["a", "A"]
dimensions = [["STATUS", "Status"]]
[columns]
price = "Amount"
amount = "Value"
product = "value"
[statuses]
done = "finished"
)",
                                 "mine");
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().code, ErrorCode::kInvalidArgument);
  for (const char* told :
       {"mappings/mine.toml", "shape must", "date_order must", "decimal_mark must", "currency must",
        "colour is no key", "stages name \"A\" twice", "name \"STATUS\"", "columns.price",
        "columns.amount and columns.product", "statuses.\"done\""}) {
    EXPECT_THAT(mapping.error().message, HasSubstr(told));
  }
}

TEST(Mapping, IsNotReadFromWhatIsNoToml) {
  const auto mapping = ParseToml("shape = \n", "mine");
  ASSERT_FALSE(mapping);
  EXPECT_THAT(mapping.error().message, HasSubstr("line 1"));
  EXPECT_FALSE(ParseToml(std::string(100'000, '['), "mine"));
}

TEST(Mapping, IsNotReadFromJsonThatDoesNotFit) {
  const auto refusal = [](std::string_view text) {
    const auto mapping = ParseJson(text);
    if (mapping) return std::string("accepted");
    EXPECT_EQ(mapping.error().code, ErrorCode::kInvalidArgument);
    return mapping.error().message;
  };
  EXPECT_THAT(refusal("[]"), HasSubstr("not an object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("name"));
  std::string text = ToJson(Example());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const auto at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return changed.replace(at, from.size(), to);
  };
  EXPECT_THAT(refusal(with("\"USD\"", "7")), HasSubstr("currency"));
  EXPECT_THAT(refusal(with("\"USD\"", "\"usd\"")), HasSubstr("currency"));
  EXPECT_THAT(refusal(with("\"sale_id\"", "\"id\"")), HasSubstr("no column of FCT_SALES"));
  EXPECT_THAT(refusal(with("\"won\"", "\"sold\"")), HasSubstr("closed won"));
  EXPECT_THAT(refusal(with("\"OWNER\"", "\"owner\"")), HasSubstr("owner"));
  EXPECT_THAT(refusal(with("month_day_year", "mdy")), HasSubstr("date_order"));
  EXPECT_THAT(refusal(with("true", "1")), HasSubstr("text_ids"));
}

TEST(Mapping, HasProblemsThatAreTold) {
  EXPECT_THAT(FindProblems(Example()), IsEmpty());
  Mapping mapping = Example();
  mapping.name = "Sales Force";
  ColumnOf(mapping, Field::kProduct) = " ";
  ColumnOf(mapping, Field::kDate) = "AMOUNT";
  mapping.dimensions.push_back({"OWNER", "Team"});
  mapping.dimensions.push_back({"SEGMENT", "Stage"});
  mapping.dimensions.push_back({"REGION2", "Amount"});
  mapping.statuses["Won "] = sales::Status::kWon;
  EXPECT_EQ(FindProblems(mapping).size(), 8U) << testing::PrintToString(FindProblems(mapping));
}

TEST(Shape, DependsOnTheNamesAlone) {
  const std::string shape = ShapeOf({"Amount", "Stage", "Close Date"});
  EXPECT_EQ(shape.size(), 16U);
  EXPECT_EQ(ShapeOf({"close date ", "STAGE", "amount"}), shape);
  EXPECT_EQ(ShapeOf({"Amount", "Stage", "Close Date", "REFUSED_LINE", "REFUSED_BECAUSE"}), shape);
  EXPECT_NE(ShapeOf({"Amount", "Stage"}), shape);
  EXPECT_NE(ShapeOf({"Amount", "Stage", "Close Date", "Amount"}), shape);
  EXPECT_NE(ShapeOf({"AmountStage", "Close Date"}), shape);
}

TEST(OwnColumnNames, AreThoseOfTheTableInAnyOrderAndCase) {
  std::vector<std::string> names(kOwn.rbegin(), kOwn.rend());
  names[0] = "status";
  names.emplace_back("REFUSED_LINE");
  names.emplace_back("REFUSED_BECAUSE");
  const auto mapping = OwnColumns(names);
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->name, kOwnColumnsName);
  EXPECT_EQ(mapping->column(Field::kStatus), "status");
  EXPECT_EQ(*SchemaOf(*mapping), sales::Schema::FctSales());
  EXPECT_THAT(FindProblems(*mapping), IsEmpty());

  std::vector<std::string> more = kOwn;
  more.emplace_back("OWNER");
  EXPECT_FALSE(OwnColumns(more));
  more.back() = "amount";
  EXPECT_FALSE(OwnColumns(more));
  EXPECT_FALSE(OwnColumns({kOwn.begin(), kOwn.end() - 1}));
  EXPECT_FALSE(OwnColumns({}));
}

TEST(Apply, AddsWhatMappingsSayToTheDefinitions) {
  sales::Definitions definitions;
  definitions.stage_aliases = {{"proposing", "Proposal"}, {"hunting", "Prospecting"}};
  Mapping second;
  second.name = "z";
  second.stages = {"prospecting", "Signed"};
  second.statuses = {{"signed", sales::Status::kWon}, {"open", sales::Status::kClosed}};
  const auto applied = Apply(definitions, {second, Example()});
  ASSERT_TRUE(applied);
  EXPECT_THAT(applied->stages, ElementsAre("Prospecting", "Closed Won", "Signed"));
  EXPECT_EQ(applied->currency, "USD");
  EXPECT_EQ(applied->statuses.at("signed"), sales::Status::kWon);
  EXPECT_EQ(applied->statuses.at("open"), sales::Status::kClosed);
  EXPECT_EQ(applied->statuses.at("lost"), sales::Status::kLost);
  EXPECT_EQ(applied->stage_aliases,
            (std::map<std::string, std::string>{{"hunting", "Prospecting"}}));
  EXPECT_EQ(*Apply(definitions, {}), definitions);
}

TEST(Apply, RefusesMappingsThatDisagree) {
  Mapping other = Example();
  other.name = "hubspot";
  EXPECT_TRUE(Apply({}, {Example(), other}));
  other.currency = "EUR";
  const auto money = Apply({}, {Example(), other});
  ASSERT_FALSE(money);
  EXPECT_EQ(money.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(money.error().message, HasSubstr("hubspot and salesforce"));
  EXPECT_THAT(money.error().message, HasSubstr("currency"));
  other = Example();
  other.name = "hubspot";
  other.statuses["closed won"] = sales::Status::kClosed;
  const auto words = Apply({}, {Example(), other});
  ASSERT_FALSE(words);
  EXPECT_THAT(words.error().message, HasSubstr("closed won"));
}

}  // namespace
}  // namespace revops::mapping
