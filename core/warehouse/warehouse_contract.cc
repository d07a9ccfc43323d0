#include "core/warehouse/warehouse_contract.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "core/cube/cube.h"
#include "core/sales/normalize.h"
#include "core/warehouse/contract_rows_testing.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Collector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> batch) override {
    for (const sales::SaleView& row : batch) rows.push_back(ToSale(row));
    return {};
  }

  std::vector<sales::Sale> rows;
};

/// Stops the read, or fails, at its first batch.
class Spoilsport final : public sales::SaleSink {
 public:
  explicit Spoilsport(std::stop_source* stop) : stop_(stop) {}

  Result<void> Write(std::span<const sales::SaleView> /*batch*/) override {
    if (stop_ == nullptr) return Fail(ErrorCode::kResourceExhausted, "the sink is full");
    stop_->request_stop();
    return {};
  }

 private:
  std::stop_source* stop_;
};

void ExpectFailure(const Result<std::unique_ptr<WarehouseRead>>& result, ErrorCode code,
                   const std::string& words) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, code) << Describe(result.error());
  EXPECT_THAT(result.error().message, HasSubstr(words));
}

/// Days whose digests differ.
std::vector<std::optional<Date>> ChangedDays(const DayDigests& before, const DayDigests& after) {
  EXPECT_EQ(before.algorithm, after.algorithm);
  std::vector<std::optional<Date>> changed;
  const auto note_missing = [&](const DayDigests& from, const DayDigests& in) {
    for (const DayDigest& day : from.days) {
      const bool is_there = std::find(in.days.begin(), in.days.end(), day) != in.days.end();
      const bool is_known = std::find(changed.begin(), changed.end(), day.sold_on) != changed.end();
      if (!is_there && !is_known) changed.push_back(day.sold_on);
    }
  };
  note_missing(before, after);
  note_missing(after, before);
  return changed;
}

cube::CubeColumns CubeOf(const std::vector<sales::Sale>& rows,
                         const sales::Definitions& definitions,
                         const sales::Schema& schema = sales::Schema::FctSales()) {
  sales::Normalizer normalizer(schema, definitions);
  cube::CubeBuilder builder(schema, normalizer);
  std::vector<std::optional<std::string_view>> texts;
  for (const sales::Sale& row : rows) builder.Add(ToView(row, texts));
  return builder.Finish();
}

}  // namespace

void WarehouseContract::SetUp() {
  place_ = GetParam().make_place();
  ReopenWith({});
}

void WarehouseContract::ReopenWith(const sales::Definitions& definitions) {
  warehouse_ = place_->Open(definitions, clock_);
}

std::unique_ptr<WarehouseRead> WarehouseContract::MustBeginRead() {
  auto read = warehouse_->BeginRead({});
  REVOPS_CHECK(read.has_value());
  return *std::move(read);
}

std::vector<sales::Sale> WarehouseContract::MustRead(const DaySelection& days) {
  Collector collector;
  const auto done = MustBeginRead()->ReadDays(days, collector);
  EXPECT_TRUE(done) << Describe(done.error());
  return collector.rows;
}

DayDigests WarehouseContract::MustDigest() {
  auto digests = MustBeginRead()->ReadDayDigests();
  REVOPS_CHECK(digests.has_value());
  return *std::move(digests);
}

RecentSales WarehouseContract::MustReadRecent(std::uint64_t rows_max) {
  auto recent = warehouse_->ReadRecentSales(
      {{today_ - 29, today_ + 1}, rows_max, Clock::SteadyTime::max(), {}});
  REVOPS_CHECK(recent.has_value());
  return *std::move(recent);
}

TEST_P(WarehouseContract, ReadsAnEmptyTable) {
  const auto read = MustBeginRead();
  EXPECT_EQ(read->schema(), sales::Schema::FctSales());
  EXPECT_EQ(read->began_at(), clock_.Now());
  Collector collector;
  EXPECT_TRUE(read->ReadDays(DaySelection::All(), collector));
  EXPECT_THAT(collector.rows, IsEmpty());
  EXPECT_THAT(read->ReadDayDigests()->days, IsEmpty());
  EXPECT_THAT(*read->AggregateDays(DaySelection::All()), IsEmpty());
  const RecentSales recent = MustReadRecent(10);
  EXPECT_THAT(recent.rows, IsEmpty());
  EXPECT_EQ(recent.totals, cube::StatusTotals());
}

TEST_P(WarehouseContract, GivesValuesAsTheyStand) {
  sales::Sale widest = MakeSale("99999999999999999999999999999999999999", today_);
  widest.amount = Money::FromCents(-999'999'999'999);
  widest.texts = {"", " a\t", "\xC4\xB0'\"", "\xF0\x9F\x92\xB0,\n", "\xE2\x80\x8B"};
  sales::Sale nothing;
  nothing.texts.resize(5);
  place_->SetRows({nothing, widest});
  EXPECT_THAT(MustRead(DaySelection::All()), ElementsAre(widest, nothing));
}

TEST_P(WarehouseContract, ReadsInCanonicalOrder) {
  EXPECT_TRUE(rc::check([&] {
    const auto rows = *AnyRows(today_);
    place_->SetRows(rows);
    RC_ASSERT(MustRead(DaySelection::All()) == SelectedInOrder(rows, DaySelection::All()));
  }));
}

TEST_P(WarehouseContract, ReadsTheSelectedDaysAlone) {
  std::vector<sales::Sale> rows;
  for (int age = 0; age < 100; ++age) rows.push_back(MakeSale(std::to_string(age), today_ - age));
  rows.push_back(MakeSale("100", today_));
  rows.back().sold_on = std::nullopt;
  place_->SetRows(rows);
  const std::vector<DaySelection> selections = {
      {{}, false},
      {{}, true},
      {{{today_ - 40, today_ - 9}}, false},
      {{{today_ - 40, today_ - 39}, {today_ - 39, today_ - 38}, {today_ - 2, today_ + 50}}, true},
      {{{today_ - 10, today_ - 10}}, false},
      {{{Date::FromDays(-3'000'000), Date::FromDays(9'000'000)}}, false},
  };
  for (const DaySelection& days : selections) {
    EXPECT_EQ(MustRead(days), SelectedInOrder(rows, days));
    const auto cells = MustBeginRead()->AggregateDays(days);
    ASSERT_TRUE(cells) << Describe(cells.error());
    EXPECT_EQ(cube::FromCells(sales::Schema::FctSales(), *cells),
              CubeOf(SelectedInOrder(rows, days), {}));
  }
}

TEST_P(WarehouseContract, ReadsManyRowsInBatches) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < 10'000; ++i) rows.push_back(MakeSale(std::to_string(i), today_ - i % 97));
  place_->SetRows(rows);
  EXPECT_EQ(MustRead(DaySelection::All()), SelectedInOrder(rows, DaySelection::All()));
}

TEST_P(WarehouseContract, SeesTheStateInWhichTheReadBegan) {
  const sales::Sale before = MakeSale("1", today_ - 60);
  sales::Sale after = before;
  after.sold_on = today_;
  place_->SetRows({before});
  const DayDigests digests = MustDigest();

  const auto read = MustBeginRead();
  place_->SetRows({after});

  const auto again = read->ReadDayDigests();
  if (!again) {
    EXPECT_EQ(again.error().code, ErrorCode::kUnavailable) << Describe(again.error());
    EXPECT_EQ(again.error().origin, kWrittenMeanwhile);
    GTEST_SKIP() << "capability missing: history";
  }
  EXPECT_EQ(again->days, digests.days);
  Collector collector;
  ASSERT_TRUE(read->ReadDays(DaySelection::All(), collector));
  EXPECT_THAT(collector.rows, ElementsAre(before));
  EXPECT_EQ(read->AggregateDays(DaySelection::All())->front().sold_on, before.sold_on);
  EXPECT_THAT(MustRead(DaySelection::All()), ElementsAre(after));
}

TEST_P(WarehouseContract, ChangesItsTokenWithEveryWrite) {
  place_->SetRows({MakeSale("1", today_)});
  const auto first = MustBeginRead()->change_token();
  if (!first) GTEST_SKIP() << "capability missing: change_token";
  EXPECT_EQ(MustBeginRead()->change_token(), first);
  const auto older = MustBeginRead();
  place_->SetRows({MakeSale("2", today_)});
  const auto second = MustBeginRead()->change_token();
  EXPECT_NE(second, first);
  EXPECT_EQ(older->change_token(), first);
  place_->SetRows({MakeSale("1", today_)});
  EXPECT_NE(MustBeginRead()->change_token(), second);
}

TEST_P(WarehouseContract, DigestsEveryDayThatHasRows) {
  sales::Sale undated = MakeSale("3", today_);
  undated.sold_on = std::nullopt;
  place_->SetRows({undated, MakeSale("1", today_), MakeSale("2", today_ - 40), undated});
  const DayDigests digests = MustDigest();
  EXPECT_FALSE(digests.algorithm.empty());
  ASSERT_EQ(digests.days.size(), 3U);
  EXPECT_EQ(digests.days[0].sold_on, today_ - 40);
  EXPECT_EQ(digests.days[1].sold_on, today_);
  EXPECT_EQ(digests.days[2].sold_on, std::nullopt);
  EXPECT_EQ(digests.days[2].rows, 2U);
}

TEST_P(WarehouseContract, DigestsDoNotDependOnTheOrderOfRows) {
  std::vector<sales::Sale> rows = {MakeSale("1", today_), MakeSale("2", today_),
                                   MakeSale("2", today_), MakeSale("3", today_ - 1)};
  place_->SetRows(rows);
  const DayDigests before = MustDigest();
  std::reverse(rows.begin(), rows.end());
  place_->SetRows(rows);
  EXPECT_EQ(MustDigest().days, before.days);
}

TEST_P(WarehouseContract, DigestsTellEveryChangeOfADay) {
  const sales::Sale row = MakeSale("12", today_);
  const sales::Sale other_day = MakeSale("12", today_ - 31);
  std::vector<std::vector<sales::Sale>> variants = {{}, {row, row}, {row, row, row}};
  const auto add = [&](auto edit) {
    sales::Sale edited = row;
    edit(edited);
    variants.push_back({edited});
  };
  add([](sales::Sale& sale) { sale.id = "1"; });
  add([](sales::Sale& sale) { sale.id = std::nullopt; });
  add([](sales::Sale& sale) { sale.amount = Money(); });
  add([](sales::Sale& sale) { sale.amount = std::nullopt; });
  for (std::size_t i = 0; i < row.texts.size(); ++i) {
    add([i](sales::Sale& sale) { sale.texts[i] = "x"; });
    add([i](sales::Sale& sale) { sale.texts[i] = ""; });
    add([i](sales::Sale& sale) { sale.texts[i] = std::nullopt; });
    if (i == 0) continue;
    add([i](sales::Sale& sale) { std::swap(sale.texts[i], sale.texts[i - 1]); });
    add([i](sales::Sale& sale) { *sale.texts[i - 1] += std::exchange(sale.texts[i], "").value(); });
  }
  place_->SetRows({row, other_day});
  std::vector<DayDigests> seen = {MustDigest()};
  for (std::vector<sales::Sale>& rows : variants) {
    rows.push_back(other_day);
    place_->SetRows(rows);
    const DayDigests digests = MustDigest();
    for (const DayDigests& earlier : seen) {
      EXPECT_THAT(ChangedDays(earlier, digests), ElementsAre(std::optional(today_)));
    }
    seen.push_back(digests);
  }
}

TEST_P(WarehouseContract, DigestsShowWhereARowWentAndWhereItCameFrom) {
  sales::Sale moved = MakeSale("1", today_);
  const sales::Sale rest = MakeSale("2", today_ - 1);
  place_->SetRows({moved, rest});
  const DayDigests before = MustDigest();
  moved.sold_on = std::nullopt;
  place_->SetRows({moved, rest});
  EXPECT_THAT(ChangedDays(before, MustDigest()),
              UnorderedElementsAre(std::optional(today_), std::optional<Date>()));
}

TEST_P(WarehouseContract, AggregatesAndAnswersAsTheNormaliserDoes) {
  const sales::Definitions definitions = NastyDefinitions();
  ReopenWith(definitions);
  EXPECT_TRUE(rc::check([&] {
    const auto rows = *AnyRows(today_);
    const auto rows_max = *rc::gen::inRange<std::uint64_t>(0, 8);
    place_->SetRows(rows);
    const auto cells = MustBeginRead()->AggregateDays(DaySelection::All());
    RC_ASSERT(cells.has_value());
    RC_ASSERT(cube::FromCells(sales::Schema::FctSales(), *cells) == CubeOf(rows, definitions));
    const RecentSales recent = MustReadRecent(rows_max);
    const RecentSales model = RecentByModel(rows, {today_ - 29, today_ + 1}, rows_max, definitions);
    RC_ASSERT(recent.rows == model.rows);
    RC_ASSERT(recent.totals == model.totals);
  }));
}

TEST_P(WarehouseContract, RecentSalesEndWhereTheWindowDoes) {
  std::vector<sales::Sale> rows;
  for (const int age : {31, 30, 29, 1, 0, -1}) {
    rows.push_back(MakeSale(std::to_string(age), today_ - age));
  }
  place_->SetRows(rows);
  const RecentSales recent = MustReadRecent(10);
  EXPECT_EQ(recent.began_at, clock_.Now());
  EXPECT_EQ(recent.rows, (std::vector{rows[4], rows[3], rows[2]}));
  EXPECT_EQ(recent.totals[sales::Status::kOpen].deals, 3U);
  EXPECT_EQ(recent.totals.total().amount, Money::FromCents(3 * 12'345));
}

TEST_P(WarehouseContract, RecentSalesShowAWriteAtOnce) {
  place_->SetRows({MakeSale("1", today_)});
  EXPECT_EQ(MustReadRecent(10).rows.front().id, "1");
  place_->SetRows({MakeSale("99", today_)});
  EXPECT_EQ(MustReadRecent(10).rows.front().id, "99");
}

TEST_P(WarehouseContract, AddsExactly) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < 20'000; ++i) {
    rows.push_back(MakeSale("1", today_));
    rows.back().amount = Money::FromCents(10);
  }
  place_->SetRows(rows);
  EXPECT_EQ(MustReadRecent(1).totals.total().amount.ToString(), "2000.00");
  EXPECT_EQ(MustBeginRead()->AggregateDays(DaySelection::All())->front().tally.amount.ToString(),
            "2000.00");
}

TEST_P(WarehouseContract, ReadsFurtherDimensionsAndTextIds) {
  const auto schema = sales::Schema::ForSales({"OWNER", "SEGMENT"}, true);
  ASSERT_TRUE(schema);
  std::vector<sales::Sale> rows;
  const auto add = [&](const char* id, std::optional<std::string> owner,
                       std::optional<std::string> segment) {
    rows.push_back(MakeSale(id, today_));
    rows.back().texts.push_back(std::move(owner));
    rows.back().texts.push_back(std::move(segment));
  };
  add("D-10", "Ann", "Enterprise");
  add("D-10", "Ann", "SMB");
  add("D-9", " Ann\t", std::nullopt);
  add("d-1", "ann", "");
  add("", "Z\xC3\xBC", " ");
  place_->SetTable(*schema, rows);

  EXPECT_EQ(MustBeginRead()->schema(), *schema);
  const std::vector<sales::Sale> in_order = {rows[4], rows[0], rows[1], rows[2], rows[3]};
  EXPECT_EQ(MustRead(DaySelection::All()), in_order);
  const auto cells = MustBeginRead()->AggregateDays(DaySelection::All());
  ASSERT_TRUE(cells) << Describe(cells.error());
  EXPECT_EQ(cube::FromCells(*schema, *cells), CubeOf(rows, {}, *schema));
  const std::vector<sales::Sale> newest = {rows[3], rows[2], rows[0]};
  const RecentSales recent = MustReadRecent(3);
  EXPECT_EQ(recent.schema, *schema);
  EXPECT_EQ(recent.rows, newest);

  const DayDigests before = MustDigest();
  rows[1].texts[6] = "Enterprise";
  place_->SetTable(*schema, rows);
  EXPECT_THAT(ChangedDays(before, MustDigest()), ElementsAre(std::optional(today_)));
}

TEST_P(WarehouseContract, SaysWhatToDoWithoutTheTable) {
  place_->DropTable();
  ExpectFailure(warehouse_->BeginRead({}), ErrorCode::kNotFound, "FCT_SALES");
  const auto recent =
      warehouse_->ReadRecentSales({{today_ - 29, today_ + 1}, 10, Clock::SteadyTime::max(), {}});
  ASSERT_FALSE(recent);
  EXPECT_EQ(recent.error().code, ErrorCode::kNotFound);
  const auto report = warehouse_->Examine();
  ASSERT_TRUE(report);
  const auto trouble = std::find_if(report->findings.begin(), report->findings.end(),
                                    [](const WarehouseFinding& finding) { return !finding.ok; });
  ASSERT_NE(trouble, report->findings.end());
  EXPECT_EQ(trouble->check, "table_exists");
}

TEST_P(WarehouseContract, NamesTheColumnThatIsMissing) {
  for (const sales::Column& column : sales::Schema::FctSales().columns()) {
    place_ = GetParam().make_place();
    ReopenWith({});
    place_->DropColumn(column.name);
    ExpectFailure(warehouse_->BeginRead({}), ErrorCode::kInvalidArgument, column.name);
  }
}

TEST_P(WarehouseContract, NamesTheColumnOfAnotherTypeAndTheTypeItNeeds) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"SALE_ID", "DOUBLE", "DECIMAL(38,0)"}, {"AMOUNT", "DOUBLE", "DECIMAL(12,2)"},
      {"SALE_DATE", "TIMESTAMP", "DATE"},     {"SALE_DATE", "VARCHAR(10)", "DATE"},
      {"REGION", "DOUBLE", "VARCHAR"},
  };
  for (const auto& [column, type, wanted] : cases) {
    place_ = GetParam().make_place();
    ReopenWith({});
    place_->RetypeColumn(column, type);
    ExpectFailure(warehouse_->BeginRead({}), ErrorCode::kInvalidArgument, column);
    ExpectFailure(warehouse_->BeginRead({}), ErrorCode::kInvalidArgument, wanted);
    const auto report = warehouse_->Examine();
    ASSERT_TRUE(report);
    EXPECT_TRUE(std::any_of(
        report->findings.begin(), report->findings.end(), [&](const WarehouseFinding& finding) {
          return !finding.ok && finding.message.find(column) != std::string::npos;
        }));
  }
}

TEST_P(WarehouseContract, OrdersTextIdsBytewise) {
  place_->RetypeColumn("SALE_ID", "VARCHAR(10)");
  const std::vector<sales::Sale> rows = {MakeSale("10", today_), MakeSale("9", today_),
                                         MakeSale("A-1", today_), MakeSale("a", today_)};
  place_->SetRows(rows);
  EXPECT_FALSE(MustBeginRead()->schema().has_numeric_ids());
  EXPECT_EQ(MustRead(DaySelection::All()), rows);
  EXPECT_EQ(MustReadRecent(1).rows.front().id, "a");
}

TEST_P(WarehouseContract, FindsNothingWrongWithGoodRows) {
  place_->SetRows({MakeSale("1", today_), MakeSale("2", today_ - 40)});
  const auto report = warehouse_->Examine();
  ASSERT_TRUE(report) << Describe(report.error());
  EXPECT_FALSE(report->engine.empty());
  EXPECT_FALSE(report->findings.empty());
  for (const WarehouseFinding& finding : report->findings) {
    EXPECT_TRUE(finding.ok) << finding.check << ": " << finding.message;
  }
}

TEST_P(WarehouseContract, EndsAfterAStop) {
  place_->SetRows({MakeSale("1", today_)});
  std::stop_source stop;
  const auto read = warehouse_->BeginRead(stop.get_token());
  ASSERT_TRUE(read);
  stop.request_stop();
  Collector collector;
  EXPECT_EQ((*read)->ReadDays(DaySelection::All(), collector).error().code, ErrorCode::kCancelled);
  EXPECT_EQ((*read)->ReadDayDigests().error().code, ErrorCode::kCancelled);
  EXPECT_EQ((*read)->AggregateDays(DaySelection::All()).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(warehouse_->BeginRead(stop.get_token()).error().code, ErrorCode::kCancelled);
  const auto recent = warehouse_->ReadRecentSales(
      {{today_, today_ + 1}, 1, Clock::SteadyTime::max(), stop.get_token()});
  ASSERT_FALSE(recent);
  EXPECT_EQ(recent.error().code, ErrorCode::kCancelled);
}

TEST_P(WarehouseContract, EndsAReadThatIsStoppedOnTheWay) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < 5'000; ++i) rows.push_back(MakeSale(std::to_string(i), today_));
  place_->SetRows(rows);
  std::stop_source stop;
  const auto read = warehouse_->BeginRead(stop.get_token());
  ASSERT_TRUE(read);
  Spoilsport sink(&stop);
  EXPECT_EQ((*read)->ReadDays(DaySelection::All(), sink).error().code, ErrorCode::kCancelled);
}

TEST_P(WarehouseContract, PassesOnTheFailureOfTheSink) {
  place_->SetRows({MakeSale("1", today_)});
  Spoilsport sink(nullptr);
  const auto read = MustBeginRead();
  EXPECT_EQ(read->ReadDays(DaySelection::All(), sink).error().code, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(read->ReadDayDigests()) << "the read goes on after it";
}

TEST_P(WarehouseContract, EndsPastTheDeadline) {
  place_->SetRows({MakeSale("1", today_)});
  const auto recent = warehouse_->ReadRecentSales(
      {{today_ - 29, today_ + 1}, 10, clock_.SteadyNow() - std::chrono::seconds(1), {}});
  ASSERT_FALSE(recent);
  EXPECT_EQ(recent.error().code, ErrorCode::kTimeout);
}

std::string WarehouseAdapterName(const testing::TestParamInfo<WarehouseAdapter>& info) {
  return info.param.name;
}

}  // namespace revops::warehouse
