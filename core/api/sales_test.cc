#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

using Text = std::optional<std::string>;
/// The columns in table order, as the answer has them.
using Row = std::vector<Text>;

const char* const kColumns[] = {"sale_id", "product",       "region",    "amount",
                                "stage",   "customer_name", "sale_date", "status"};

/// Five months and the undated, ids that repeat or lack, amounts that repeat or lack.
std::vector<SampleRow> Rows() {
  constexpr std::uint32_t kPrime = 2654435761U;
  const std::vector<Text> regions = {std::nullopt, "", "North", "South ", "east"};
  const std::vector<Text> customers = {"Acme Corp", "acme labs", "Zoë & Söhne", std::nullopt};
  std::vector<SampleRow> rows(300);
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t bits = (i + 1) * kPrime;
    SampleRow& row = rows[i];
    if (i % 11 != 0) row.id = std::to_string((bits >> 20) % 150);
    row.product = i % 3 == 0 ? "A" : "B";
    row.region = regions[(bits >> 3) % regions.size()];
    row.customer = customers[(bits >> 7) % customers.size()];
    row.stage = "Proposal";
    row.status = i % 4 == 0 ? "Open" : "Closed";
    if ((bits >> 15) % 7 != 0) row.amount = std::to_string((bits >> 22) % 90) + ".00";
    if ((bits >> 17) % 9 != 0) row.sold_on = TestService::Today() - static_cast<int>(bits >> 25);
  }
  return rows;
}

Row AsAnswered(const SampleRow& row) {
  const Text day = row.sold_on ? Text(row.sold_on->ToString()) : std::nullopt;
  return {row.id, row.product, row.region, row.amount, row.stage, row.customer, day, row.status};
}

std::vector<Row> RowsOf(const Seen& seen) {
  std::vector<Row> rows;
  const json::value answer = json::parse(seen.body);
  for (const json::value& item : answer.at("data").as_array()) {
    Row row;
    for (const char* column : kColumns) {
      const json::value& value = item.at(column);
      row.push_back(value.is_null() ? Text() : Text(std::string(value.as_string())));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

long NumberOr(const Text& text, long none) { return text ? std::stol(*text) : none; }

/// NULL last: missing counts as beyond the end of the direction.
using Key = std::tuple<long, long, long, long, Row>;

Key KeyOf(const std::string& sort, const SampleRow& row) {
  constexpr long kLast = 1L << 40;
  const long day = row.sold_on ? (*row.sold_on - TestService::Today()) : kLast;
  const long id = NumberOr(row.id, kLast);
  const long newest = row.sold_on ? -day : kLast;
  const long largest_id = row.id ? -id : kLast;
  const long amount = NumberOr(row.amount, kLast);
  if (sort == "sale_date") return {day, id, 0, 0, {}};
  if (sort == "amount") return {amount, newest, largest_id, 0, {}};
  if (sort == "-amount") return {row.amount ? -amount : kLast, newest, largest_id, 0, {}};
  return {newest, largest_id, 0, 0, {}};
}

std::vector<Row> Expected(const std::string& sort,
                          const std::function<bool(const SampleRow&)>& passes) {
  std::vector<SampleRow> rows;
  for (const SampleRow& row : Rows()) {
    if (passes(row)) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const SampleRow& a, const SampleRow& b) {
    return KeyOf(sort, a) < KeyOf(sort, b);
  });
  std::vector<Row> answered;
  for (const SampleRow& row : rows) answered.push_back(AsAnswered(row));
  return answered;
}

/// Rows that are equal in what is sorted by may come in any order here; the service's is fixed.
void ExpectSameUpToTies(const std::string& sort, std::vector<Row> seen, std::vector<Row> wanted) {
  const auto by = [&](const Row& row) {
    const Text id = row[0];
    const Text amount = sort == "amount" || sort == "-amount" ? row[3] : Text("");
    return std::tuple(amount, row[6], id);
  };
  ASSERT_EQ(seen.size(), wanted.size());
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(by(seen[i]), by(wanted[i])) << i;
  std::sort(seen.begin(), seen.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(seen, wanted) << "no row is lost, and none comes twice";
}

std::vector<Row> EveryPage(TestService& test, const std::string& query, std::size_t limit) {
  std::vector<Row> rows;
  while (true) {
    const Seen seen = test.Get("/api/sales?limit=" + std::to_string(limit) +
                               "&offset=" + std::to_string(rows.size()) + query);
    EXPECT_EQ(seen.status, 200) << seen.body;
    const std::vector<Row> page = RowsOf(seen);
    rows.insert(rows.end(), page.begin(), page.end());
    const bool more = json::parse(seen.body).at("page").at("more").as_bool();
    EXPECT_TRUE(!more || page.size() == limit);
    if (!more) return rows;
  }
}

struct Case {
  std::string query;
  std::function<bool(const SampleRow&)> passes;
};

TEST(Sales, EveryPageInEveryOrderIsTheModels) {
  TestService test;
  test.Publish(SampleOf(Rows(), TestService::Today()));
  const Date from = TestService::Today() - 70;
  const Date to = TestService::Today() - 20;
  const std::vector<Case> cases = {
      {"", [](const SampleRow&) { return true; }},
      {"&region=South&region=",
       [](const SampleRow& row) {
         return !row.region || row.region == "" || row.region == "South ";
       }},
      {"&not_product=A&status=open",
       [](const SampleRow& row) { return row.product == "B" && row.status == "Open"; }},
      {"&from=" + from.ToString() + "&to=" + to.ToString(),
       [&](const SampleRow& row) {
         return row.sold_on && *row.sold_on >= from && *row.sold_on < to;
       }},
      {"&q=ACME",
       [](const SampleRow& row) { return row.customer && row.customer->substr(1, 3) == "cme"; }},
      {"&q=nobody", [](const SampleRow&) { return false; }},
  };
  for (const Case& one : cases) {
    for (const std::string sort : {"-sale_date", "sale_date", "-amount", "amount"}) {
      SCOPED_TRACE(sort + one.query);
      const std::vector<Row> wanted = Expected(sort, one.passes);
      for (const std::size_t limit : {37U, 1000U}) {
        ExpectSameUpToTies(sort, EveryPage(test, one.query + "&sort=" + sort, limit), wanted);
      }
    }
  }
}

/// A text as it is sorted; missing ones are beyond any.
std::pair<bool, std::string> SortKey(const Text& text) {
  std::string folded;
  for (const char c : text.value_or("")) {
    if (c != ' ') folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return {folded.empty(), folded};
}

TEST(Sales, AreSortedByAnyText) {
  TestService test;
  test.Publish(SampleOf(Rows(), TestService::Today()));
  const std::vector<Row> newest = EveryPage(test, "", 1000);
  for (const auto& [name, column] :
       {std::pair("product", 1U), std::pair("region", 2U), std::pair("stage", 4U),
        std::pair("customer_name", 5U), std::pair("status", 7U)}) {
    for (const bool descending : {false, true}) {
      std::vector<Row> wanted = newest;
      std::stable_sort(wanted.begin(), wanted.end(), [&, at = column](const Row& a, const Row& b) {
        const auto [a_lacks, a_text] = SortKey(a[at]);
        const auto [b_lacks, b_text] = SortKey(b[at]);
        if (a_lacks || b_lacks) return !a_lacks && b_lacks;
        return descending ? b_text < a_text : a_text < b_text;
      });
      const std::string query = std::string("&sort=") + (descending ? "-" : "") + name;
      EXPECT_EQ(EveryPage(test, query, 37), wanted) << query;
    }
  }
}

TEST(Sales, AreADownloadToo) {
  TestService test;
  const std::string id = test.PublishSampleRows();
  const Seen seen = test.Get("/api/sales?format=csv&region=North&sort=amount");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(seen.header("Content-Disposition"), "attachment; filename=\"sales-" + id + ".csv\"");
  std::istringstream lines(seen.body);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line,
            "\"sale_id\",\"product\",\"region\",\"amount\",\"stage\",\"customer_name\","
            "\"sale_date\",\"status\"\r");
  std::vector<std::string> rows;
  while (std::getline(lines, line)) rows.push_back(line);
  EXPECT_EQ(rows.size(), 3U) << seen.body;
  const Seen accepted = test.Get("/api/sales?region=North&sort=amount", {{"Accept", "text/csv"}});
  EXPECT_EQ(accepted.body, seen.body);
  const Seen page = test.Get("/api/sales?format=csv&region=North&sort=amount&offset=1&limit=1");
  EXPECT_THAT(page.body, testing::EndsWith("\r\n" + rows[1] + "\n"));
}

TEST(Sales, FindsAnIdAsText) {
  TestService test;
  test.PublishSampleRows();
  const Seen seen = test.Get("/api/sales?q=7");
  EXPECT_THAT(RowsOf(seen), testing::ElementsAre(testing::Contains(Text("RetailCo"))));
}

TEST(Sales, SaysWhichSnapshotAndHowManyRowsTheFilterSelects) {
  TestService test;
  const std::string id = test.PublishSampleRows();
  const Seen seen = test.Get("/api/sales?region=North&limit=1");
  const json::value answer = json::parse(seen.body);
  EXPECT_EQ(answer.at("meta").at("source").as_string(), "snapshot");
  EXPECT_EQ(std::string(answer.at("meta").at("snapshot_id").as_string()), id);
  EXPECT_EQ(answer.at("meta").at("rows").as_int64(), 3);
  EXPECT_EQ(answer.at("page"), json::parse(R"({"limit":1,"offset":0,"more":true})"));
  const std::string etag = seen.header("ETag");
  EXPECT_EQ(test.Get("/api/sales?region=North&limit=1", {{"If-None-Match", etag}}).status, 304);
}

TEST(Sales, AnswersFromTheSnapshotThatIsAskedFor) {
  TestService test;
  const std::string earlier = test.PublishSampleRows();
  SampleSnapshot later = SampleOf(SampleRows(TestService::Today()), TestService::Today());
  later.rows.resize(2);
  later.computed_at = TestService::ToInstant("2026-11-22T09:00:00Z");
  test.Publish(later);
  EXPECT_EQ(RowsOf(test.Get("/api/sales")).size(), 2U);
  EXPECT_EQ(RowsOf(test.Get("/api/sales?as_of=" + earlier)).size(), 8U);
}

TEST(Sales, RefusesWhatItDoesNotUnderstand) {
  TestService test;
  test.PublishSampleRows();
  for (const std::string query : {"limit=0", "limit=1001", "offset=-1", "offset=x", "offset=9901",
                                  "sort=customer", "sort=sale_id", "sort=-", "colour=red",
                                  "format=xml", "q=a&q=b", "from=2026-02-30", "as_of=never"}) {
    const Seen seen = test.Get("/api/sales?" + query);
    EXPECT_EQ(seen.status, 400) << query << seen.body;
  }
  const Seen seen = test.Get("/api/sales?q=" + std::string(201, 'x'));
  EXPECT_EQ(seen.status, 400);
  EXPECT_THAT(seen.body, HasSubstr("200 bytes"));
}

TEST(Sales, SaysThatThereIsNoSnapshotYet) {
  TestService test;
  const Seen seen = test.Get("/api/sales");
  EXPECT_EQ(seen.status, 503);
  EXPECT_THAT(seen.body, HasSubstr("no_snapshot"));
}

}  // namespace
}  // namespace revops::api
