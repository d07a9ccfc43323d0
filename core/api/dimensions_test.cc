#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A snapshot of the sample rows with owners: Ann, Ann, Bo, and nobody for the rest.
class FurtherDimensions : public testing::Test {
 protected:
  void SetUp() override {
    SampleSnapshot sample{SampleRows(TestService::Today()),
                          TestService::Today(),
                          test_.clock.Now(),
                          test_.clock.Now(),
                          {},
                          {"OWNER"}};
    const std::vector<std::optional<std::string>> owners = {"Ann", " Ann", "Bo"};
    for (std::size_t i = 0; i < sample.rows.size(); ++i) {
      sample.rows[i].further = {i < owners.size() ? owners[i] : std::nullopt};
    }
    test_.Publish(sample);
  }

  TestService test_;
};

TEST_F(FurtherDimensions, AreGroupedByTheirName) {
  const Seen seen = test_.Get("/api/pipeline/by-owner");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_THAT(seen.body, HasSubstr("{\"owner\":\"Ann\",\"deals\":2,"));
  EXPECT_THAT(seen.body, HasSubstr("{\"owner\":\"Bo\",\"deals\":1,"));
  EXPECT_THAT(seen.body, HasSubstr("{\"owner\":null,\"deals\":5,"));
  const Seen csv = test_.Get("/api/pipeline/by-owner?format=csv");
  EXPECT_THAT(csv.body, HasSubstr("\"owner\",\"deals\""));
}

TEST_F(FurtherDimensions, AreParametersAndFacets) {
  const Seen one = test_.Get("/api/summary?owner=Ann");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_THAT(one.body, HasSubstr("\"filter\":{\"owner\":[\"Ann\"]},\"rows\":2"));
  EXPECT_THAT(one.body, HasSubstr("\"owner\":[{\"value\":\"Ann\",\"deals\":2}"));
  EXPECT_THAT(test_.Get("/api/summary?not_owner=Ann&not_owner=").body, HasSubstr("\"rows\":1"));
  EXPECT_THAT(test_.Get("/api/pipeline/by-region?owner=Bo").body, HasSubstr("\"rows\":1"));
  EXPECT_EQ(test_.Get("/api/summary?team=A").status, 400);
  EXPECT_THAT(test_.Get("/api/summary?team=A").body, HasSubstr("'team'"));
  EXPECT_EQ(test_.Get("/api/pipeline/by-team").status, 404);
}

TEST_F(FurtherDimensions, StandInTheRows) {
  const Seen seen = test_.Get("/api/sales?owner=Bo");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_THAT(seen.body, HasSubstr("\"owner\":\"Bo\"}],\"page\""));
}

TEST_F(FurtherDimensions, SortTheRows) {
  const Seen up = test_.Get("/api/sales?sort=owner&limit=3");
  ASSERT_EQ(up.status, 200) << up.body;
  EXPECT_LT(up.body.find("Ann"), up.body.find("Bo"));
  const Seen down = test_.Get("/api/sales?sort=-owner&limit=3");
  EXPECT_LT(down.body.find("Bo"), down.body.find("Ann"));
  EXPECT_THAT(down.body, Not(HasSubstr("\"owner\":null")));
  EXPECT_EQ(test_.Get("/api/sales?sort=team").status, 400);
}

TEST_F(FurtherDimensions, AreNamedWithWhereTheyCanBeUsed) {
  const Seen seen = test_.Get("/api/metrics");
  EXPECT_THAT(
      seen.body,
      HasSubstr("{\"name\":\"owner\",\"column\":\"OWNER\",\"label\":\"Owner\",\"parameters\":"
                "[\"owner\",\"not_owner\"],\"sort\":[\"owner\",\"-owner\"],"
                "\"grouping\":\"/api/pipeline/by-owner\"}]"));
  EXPECT_THAT(seen.body, HasSubstr("\"dimensions\":[{\"name\":\"product\","));
}

TEST(FurtherDimensionsOfAPlainSnapshot, AreUnknownThere) {
  TestService test;
  test.PublishSampleRows();
  EXPECT_EQ(test.Get("/api/summary?owner=Ann").status, 400);
  EXPECT_EQ(test.Get("/api/pipeline/by-owner").status, 404);
  EXPECT_THAT(test.Get("/api/summary").body, Not(HasSubstr("owner")));
  EXPECT_EQ(test.Get("/api/sales?sort=owner").status, 400);
}

TEST(Dimensions, HaveLabelsForPeople) {
  TestService test;
  EXPECT_THAT(test.Get("/api/metrics").body,
              HasSubstr("\"name\":\"status\",\"column\":\"STATUS\",\"label\":\"Status\""))
      << "also before anything was published";
  SampleSnapshot sample{{}, TestService::Today(), test.clock.Now(), test.clock.Now(),
                        {}, {"LEAD_SOURCE"}};
  test.Publish(sample);
  EXPECT_THAT(test.Get("/api/metrics").body, HasSubstr("\"label\":\"Lead source\""));
}

}  // namespace
}  // namespace revops::api
