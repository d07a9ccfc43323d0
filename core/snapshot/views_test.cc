#include "core/snapshot/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sales/normalize.h"
#include "core/snapshot/test_rows.h"

namespace revops::snapshot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const sales::Schema& Fct() { return sales::Schema::FctSales(); }

class Views : public testing::Test {
 protected:
  explicit Views(std::vector<sales::Sale> rows = AwkwardRows()) : cube_(CubeOf(rows)) {}

  static cube::CubeColumns CubeOf(const std::vector<sales::Sale>& rows) {
    sales::Normalizer normalizer(Fct(), {});
    cube::CubeBuilder builder(Fct(), normalizer);
    std::vector<std::optional<std::string_view>> texts;
    for (const sales::Sale& row : rows) builder.Add(sales::ToView(row, texts));
    return builder.Finish();
  }

  std::string View(std::string_view name, const sales::Filter& filter = {}) {
    cube_.Query(filter, answer_);
    std::string out;
    AppendView(out, name, answer_, {Fct(), definitions_, cube_});
    return out;
  }

  /// The groups' names in order.
  std::vector<std::string> Names(const std::string& dimension, const sales::Filter& filter = {}) {
    const std::string view = View("by-" + dimension, filter);
    const std::string key = "{\"" + dimension + "\":";
    std::vector<std::string> names;
    for (auto at = view.find(key); at != std::string::npos; at = view.find(key, at + 1)) {
      const auto start = at + key.size();
      names.push_back(view.substr(start, view.find(",\"deals\"", start) - start));
    }
    return names;
  }

  sales::Definitions definitions_;
  cube::Cube cube_;
  cube::CubeAnswer answer_;
};

class SampleViews : public Views {
 protected:
  SampleViews() : Views(SampleRows()) {}
};

TEST_F(SampleViews, HaveTheShapeOfAnswers) {
  sales::Filter north;
  north.selections.resize(2);
  north.selections[1].include = {"North"};
  EXPECT_EQ(
      View("by-region", north),
      R"({"data":[{"region":"North","deals":3,"priced":3,"amount":"320000.00",)"
      R"("average":"106666.67","by_status":{"open":{"deals":1,"priced":1,"amount":"75000.00"},)"
      R"("closed":{"deals":2,"priced":2,"amount":"245000.00"},)"
      R"("won":{"deals":0,"priced":0,"amount":"0.00"},"lost":{"deals":0,"priced":0,"amount":"0.00"},)"
      R"("unknown":{"deals":0,"priced":0,"amount":"0.00"}}}],)"
      R"("totals":{"deals":3,"priced":3,"amount":"320000.00","average":"106666.67",)"
      R"("by_status":{"open":{"deals":1,"priced":1,"amount":"75000.00"},)"
      R"("closed":{"deals":2,"priced":2,"amount":"245000.00"},)"
      R"("won":{"deals":0,"priced":0,"amount":"0.00"},"lost":{"deals":0,"priced":0,"amount":"0.00"},)"
      R"("unknown":{"deals":0,"priced":0,"amount":"0.00"}}}})");
}

TEST_F(SampleViews, PutTheLargestAmountFirst) {
  EXPECT_THAT(Names("region"), ElementsAre("\"North\"", "\"South\"", "\"West\"", "\"East\""));
  EXPECT_THAT(Names("stage"), ElementsAre("\"Prospecting\"", "\"Qualification\"", "\"Proposal\"",
                                          "\"Negotiation\""));
  EXPECT_THAT(View("by-region"), HasSubstr(R"("totals":{"deals":8,"priced":8,"amount":"490000.00",)"
                                           R"("average":"61250.00")"));
}

TEST_F(Views, PutTheUnknownGroupLast) {
  EXPECT_EQ(Names("region").back(), "null");
  EXPECT_THAT(Names("month"), ElementsAre("\"2026-10\"", "\"2026-11\"", "\"2026-12\"", "null"));
  EXPECT_THAT(Names("stage"),
              ElementsAre("\"Proposal\"", "\"Negotiation\"", "\"Legal review\"", "null"));
}

TEST_F(Views, AlwaysHaveAllFiveStatuses) {
  const auto all = ElementsAre("\"open\"", "\"closed\"", "\"won\"", "\"lost\"", "\"unknown\"");
  EXPECT_THAT(Names("status"), all);
  sales::Filter filter;
  filter.selections.resize(4);
  filter.selections[3].include = {"won"};
  EXPECT_THAT(Names("status", filter), all);
  EXPECT_THAT(View("by-status", filter), HasSubstr(R"({"status":"open","deals":0,)"));
  EXPECT_THAT(View("by-status", filter), HasSubstr(R"({"status":"won","deals":1,)"));
}

TEST_F(Views, SayWhyAFigureIsMissing) {
  const std::string view = View("by-stage");
  EXPECT_THAT(view,
              HasSubstr(R"({"stage":null,"deals":3,"priced":0,"amount":null,"average":null,)"));
  EXPECT_THAT(
      view,
      HasSubstr(
          R"("unknown":{"deals":3,"priced":0,"amount":null,"reasons":{"amount":"no_priced_rows"}}})"
          R"(,"reasons":{"amount":"no_priced_rows","average":"no_priced_rows"}})"));
}

TEST_F(Views, OfNoRowsHaveASumAndNoAverage) {
  sales::Filter filter;
  filter.from = Date::Parse("2020-01-01");
  filter.to = Date::Parse("2020-01-02");
  EXPECT_THAT(
      View("by-region", filter),
      HasSubstr(R"({"data":[],"totals":{"deals":0,"priced":0,"amount":"0.00","average":null,)"));
  EXPECT_THAT(View("by-region", filter), HasSubstr(R"("reasons":{"average":"no_priced_rows"}})"));
}

TEST_F(Views, OrderFacetsWithoutLeavingAnyOut) {
  sales::Filter filter;
  filter.selections.resize(2);
  filter.selections[1].include = {"North"};
  cube_.Query(filter, answer_);
  const ViewContext context{Fct(), definitions_, cube_};
  EXPECT_GT(OrderedGroups(1, answer_, context).size(), 1U);
  EXPECT_THAT(Names("region", filter), ElementsAre("\"North\""));
}

TEST(ViewNames, AreTheDimensionsAndMonths) {
  EXPECT_THAT(ViewNames(Fct()),
              ElementsAre("by-region", "by-product", "by-stage", "by-status", "by-month"));
  auto columns = Fct().columns();
  columns.push_back({"OWNER", sales::ColumnType::kText, sales::ColumnRole::kDimension, 50});
  EXPECT_EQ(ViewNames(sales::Schema::Make(columns).value()).back(), "by-owner");
}

}  // namespace
}  // namespace revops::snapshot
