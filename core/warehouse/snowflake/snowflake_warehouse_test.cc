// What the contract suite cannot show: how many statements there are, and what lasts for ever.
#include "core/warehouse/snowflake/snowflake_warehouse.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sales/definitions.h"
#include "core/warehouse/snowflake/client_testing.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kSalesColumns =
    R"({"name":"SALE_ID","type":"fixed","precision":38,"scale":0},)"
    R"({"name":"PRODUCT","type":"text"},{"name":"REGION","type":"text"},)"
    R"({"name":"AMOUNT","type":"fixed","precision":12,"scale":2},)"
    R"({"name":"STAGE","type":"text"},{"name":"CUSTOMER_NAME","type":"text"},)"
    R"({"name":"SALE_DATE","type":"date"},{"name":"STATUS","type":"text"})";
const std::string kTotalColumns =
    R"(,{"name":"RAW_STATUS","type":"text"},{"name":"N","type":"fixed","scale":0},)"
    R"({"name":"P","type":"fixed","scale":0},{"name":"A","type":"fixed","scale":2})";

/// A result in one partition.
std::string Result1(const std::string& columns, const std::string& row) {
  const std::string rows = row.empty() ? "0" : "1";
  return R"({"resultSetMetaData":{"numRows":)" + rows + R"(,"rowType":[)" + columns +
         R"(],"partitionInfo":[{"rowCount":)" + rows + R"(}]},"data":[)" + row +
         R"(],"code":"090001","statementHandle":"01b0-a"})";
}

/// An account with an empty table, until `lasting` is part of a statement: that one runs for ever.
class SnowflakeWarehouseTest : public testing::Test {
 protected:
  SnowflakeWarehouseTest() {
    bench_.transport.answer = [this](const net::ClientRequest& request, std::size_t) {
      return Answer(request);
    };
  }

  ScriptedTransport::Answer Answer(const net::ClientRequest& request) const {
    const auto has = [&](const char* part) { return request.body.find(part) != std::string::npos; };
    const bool is_poll = request.method == "GET";
    if (is_poll || (!lasting_.empty() && has(lasting_.c_str()))) return Http(202, StatusBody());
    if (has("LIMIT 0")) return Http(200, Result1(kSalesColumns, ""));
    if (has("LAST_CHANGE")) return Http(200, Result1(R"({"name":"T","type":"text"})", R"(["7"])"));
    if (has("CURRENT_TIMESTAMP")) {
      return Http(200, Result1(R"({"name":"T","type":"timestamp_ltz","scale":9})",
                               R"(["1795312800.000000000"])"));
    }
    if (has("WITH W AS")) return Http(200, Result1(kSalesColumns + kTotalColumns, ""));
    return Http(422, FailureBody("000001"));
  }

  LiveQuery Question() const {
    return {{Date::FromDays(0), Date::FromDays(30)},
            10,
            bench_.clock.SteadyNow() + std::chrono::seconds(25),
            {}};
  }
  /// The beginnings of what was submitted.
  std::vector<std::string> Submitted() const {
    std::vector<std::string> statements;
    for (const auto& request : bench_.transport.requests()) {
      if (request.target.starts_with("/api/v2/statements?")) {
        statements.push_back(request.body.substr(0, 40));
      }
    }
    return statements;
  }

  ClientBench bench_;
  SnowflakeWarehouse warehouse_{*bench_.client, sales::Definitions(), bench_.clock};
  std::string lasting_;
};

TEST_F(SnowflakeWarehouseTest, AsksALiveQuestionInOneStatementOnceItKnowsTheColumns) {
  ASSERT_TRUE(warehouse_.ReadRecentSales(Question()));
  EXPECT_THAT(Submitted(), ElementsAre(HasSubstr("SELECT * FROM FCT"), HasSubstr("WITH W AS")));
  ASSERT_TRUE(warehouse_.ReadRecentSales(Question()));
  ASSERT_TRUE(warehouse_.ReadRecentSales(Question()));
  EXPECT_EQ(Submitted().size(), 4U);
  EXPECT_EQ(bench_.transport.requests().size(), 4U);
}

TEST_F(SnowflakeWarehouseTest, KnowsTheColumnsFromANightlyRead) {
  ASSERT_TRUE(warehouse_.BeginRead({}));
  EXPECT_EQ(Submitted().size(), 3U);
  ASSERT_TRUE(warehouse_.ReadRecentSales(Question()));
  EXPECT_EQ(Submitted().size(), 4U);
}

TEST_F(SnowflakeWarehouseTest, EndsAStatementOfTheNightThatNeverEnds) {
  const auto read = warehouse_.BeginRead({});
  ASSERT_TRUE(read) << Describe(read.error());
  lasting_ = "HASH_AGG";
  const auto before = bench_.clock.SteadyNow();
  const auto digests = (*read)->ReadDayDigests();
  ASSERT_FALSE(digests);
  EXPECT_EQ(digests.error().code, ErrorCode::kTimeout);
  const auto took = bench_.clock.SteadyNow() - before;
  EXPECT_GT(took, std::chrono::minutes(59));
  EXPECT_LE(took, std::chrono::hours(1));
  EXPECT_EQ(bench_.transport.count("/01b0-a/cancel"), 1U);
  EXPECT_EQ(bench_.transport.requests().back().target.substr(0, 33),
            "/api/v2/statements/01b0-a/cancel?");
}

}  // namespace
}  // namespace revops::warehouse
