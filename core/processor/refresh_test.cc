#include "core/processor/refresh.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/processor/nights_testing.h"
#include "core/store/faulty_store.h"

namespace revops::processor {
namespace {

using sales::LedgerReason;

RefreshRequest StoppedBy(const std::stop_source& stop) {
  RefreshRequest request;
  request.stop = stop.get_token();
  return request;
}

RefreshRequest ServedFor(Instant scheduled) {
  RefreshRequest request;
  request.scheduled_for = scheduled;
  return request;
}

class RefreshTest : public testing::Test {
 protected:
  RefreshTest() {
    nights_.warehouse.Edit([](auto& rows) {
      rows = {MakeSale("1", "2026-09-30"), MakeSale("2", "2026-10-01"), MakeSale("3", "2026-10-15"),
              MakeSale("4", "2026-11-01"), MakeSale("5", "2026-11-22"), MakeSale("6", nullptr)};
    });
  }

  RefreshReport MustRefresh(const RefreshRequest& request = {}) {
    const auto report = nights_.RefreshInto(nights_.store, request);
    if (!report) {
      ADD_FAILURE() << Describe(report.error());
      return {};
    }
    return *report;
  }

  void Edit(const std::function<void(std::vector<sales::Sale>&)>& change) {
    nights_.warehouse.Edit(change);
  }

  FakeWarehouse::Calls& calls() { return nights_.warehouse.calls; }

  Nights nights_;
};

TEST_F(RefreshTest, PublishesAFirstSnapshot) {
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(report.rows, 6u);
  EXPECT_EQ(report.changed_days, 6u);
  EXPECT_EQ(report.parts_written, 4u);
  EXPECT_EQ(report.parts_shared, 0u);
  nights_.ExpectTruth();
  const auto current = nights_.Current();
  EXPECT_EQ(current->id(), report.snapshot_id);
  EXPECT_EQ(current->manifest().business_date.ToString(), "2026-11-22");
  EXPECT_EQ(current->manifest().parts.back().month, "undated");
  EXPECT_FALSE(current->manifest().previous_id);
}

TEST_F(RefreshTest, PublishesAnEmptyTable) {
  Edit([](auto& rows) { rows.clear(); });
  EXPECT_EQ(MustRefresh().rows, 0u);
  nights_.ExpectTruth();
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kUnchanged);
}

TEST_F(RefreshTest, OnlyConfirmsWhenTheInputsAreTheSame) {
  const RefreshReport first = MustRefresh();
  const auto manifests = nights_.store.List("revops/");
  nights_.clock.Advance(std::chrono::hours(1));
  calls() = {};
  store::FaultyObjectStore counted(nights_.store);
  const auto second = nights_.RefreshInto(counted);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->outcome, RefreshOutcome::kUnchanged);
  EXPECT_EQ(second->snapshot_id, first.snapshot_id);
  EXPECT_EQ(second->content_hash, first.content_hash);
  EXPECT_EQ(second->rows, 6u);
  EXPECT_EQ(second->digests_avoided, 1u);
  EXPECT_EQ(second->months_avoided, 4u);
  EXPECT_EQ(calls().digests, 0);
  EXPECT_EQ(calls().row_reads, 0);
  EXPECT_EQ(counted.puts(), 1);
  EXPECT_EQ(nights_.Pointer().data_as_of, nights_.clock.Now());
  EXPECT_EQ(nights_.Pointer().computed_at, nights_.clock.Now());
  EXPECT_EQ(nights_.store.List("revops/")->size(), manifests->size());
}

TEST_F(RefreshTest, ConfirmsByDigestsWithoutAChangeToken) {
  nights_.warehouse.has_tokens = false;
  MustRefresh();
  nights_.clock.Advance(std::chrono::hours(1));
  calls() = {};
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kUnchanged);
  EXPECT_EQ(calls().digests, 1);
  EXPECT_EQ(calls().row_reads, 0);
  EXPECT_EQ(nights_.Pointer().data_as_of, nights_.clock.Now());
  nights_.ExpectHistory(1);
}

TEST_F(RefreshTest, ConfirmsRowsThatWereChangedBack) {
  MustRefresh();
  Edit([](auto& rows) { std::reverse(rows.begin(), rows.end()); });
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kUnchanged);
  calls() = {};
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kUnchanged);
  EXPECT_EQ(calls().digests, 0) << "the new token is remembered";
}

TEST_F(RefreshTest, SaysWhatTheWarehouseWasNotAsked) {
  const RefreshReport first = MustRefresh();
  EXPECT_EQ(first.digests_avoided, 0u);
  EXPECT_EQ(first.months_avoided, 0u);
  nights_.NextNight();
  const RefreshReport same_rows = MustRefresh();
  EXPECT_EQ(same_rows.outcome, RefreshOutcome::kPublished) << "of another business date";
  EXPECT_EQ(same_rows.digests_avoided, 1u);
  EXPECT_EQ(same_rows.months_avoided, 4u);
  Edit([](auto& rows) { rows[4].amount = Money::FromCents(7); });
  const RefreshReport edited = MustRefresh();
  EXPECT_EQ(edited.digests_avoided, 0u);
  EXPECT_EQ(edited.months_avoided, 3u);
}

TEST_F(RefreshTest, KeepsSevenNightsOfLateEdits) {
  const std::vector<std::function<void(std::vector<sales::Sale>&)>> edits = {
      [](auto& rows) { rows[1].amount = Money::FromCents(7); },
      [](auto& rows) { rows.push_back(MakeSale("7", "2026-11-24")); },
      [](auto& rows) { rows[0].texts[3] = "Renamed"; },
      [](auto&) {},
      [](auto& rows) { rows[5].texts[1].reset(); },
      [](auto& rows) { rows.erase(rows.begin() + 3); },
  };
  MustRefresh();
  for (const auto& edit : edits) {
    nights_.NextNight();
    Edit(edit);
    const RefreshReport report = MustRefresh();
    EXPECT_EQ(report.outcome, RefreshOutcome::kPublished) << "the business date moved";
    EXPECT_LE(report.parts_written, 1u);
    EXPECT_GE(report.parts_shared, 3u);
    nights_.ExpectTruth();
  }
  nights_.ExpectHistory(7);
}

TEST_F(RefreshTest, SharesTheObjectsOfUnchangedMonths) {
  MustRefresh();
  const auto before = nights_.Current()->manifest().parts;
  Edit([](auto& rows) { rows[2].amount.reset(); });
  nights_.clock.Advance(std::chrono::minutes(1));
  calls() = {};
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.changed_days, 1u);
  EXPECT_EQ(calls().rows, 2u) << "October alone";
  const auto after = nights_.Current()->manifest().parts;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i] == before[i], after[i].month != "2026-10") << after[i].month;
  }
  EXPECT_EQ(nights_.Current()->manifest().previous_id,
            snapshot::ListSnapshots(nights_.store)->back().id);
}

TEST_F(RefreshTest, DropsAMonthWhoseDaysVanished) {
  MustRefresh();
  Edit([](auto& rows) { rows.erase(rows.begin()); });
  calls() = {};
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.changed_days, 1u);
  EXPECT_EQ(report.parts_written, 0u);
  EXPECT_EQ(calls().row_reads, 0);
  EXPECT_EQ(nights_.Current()->manifest().parts.front().month, "2026-10");
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, NoticesADeletedDay) {
  MustRefresh();
  Edit([](auto& rows) { rows.erase(rows.begin() + 2); });
  EXPECT_EQ(MustRefresh().parts_written, 1u);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, FollowsTheUndatedGroup) {
  MustRefresh();
  Edit([](auto& rows) { rows[5].amount = Money::FromCents(1); });
  EXPECT_EQ(MustRefresh().parts_written, 1u);
  nights_.ExpectTruth();
  Edit([](auto& rows) { rows.pop_back(); });
  EXPECT_EQ(MustRefresh().parts_written, 0u);
  nights_.ExpectTruth();
  Edit([](auto& rows) { rows.push_back(MakeSale("8", nullptr)); });
  EXPECT_EQ(MustRefresh().parts_written, 1u);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, FollowsARowThatMovesToAnotherMonth) {
  MustRefresh();
  Edit([](auto& rows) { rows[1].sold_on = Date::Parse("2026-11-02"); });
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.rows, 6u);
  EXPECT_EQ(report.changed_days, 2u);
  EXPECT_EQ(report.parts_written, 2u);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, CountsAnewUnderOtherDefinitionsWithoutReadingRows) {
  Edit([](auto& rows) {
    rows[5].date_unrepresentable = true;
    rows[0].texts[4] = "Parked";
  });
  MustRefresh();
  const auto before = nights_.Current();
  EXPECT_EQ(before->manifest().ledger[LedgerReason::kDateUnrepresentable].rows, 1u);
  sales::Definitions definitions;
  definitions.version = 2;
  definitions.statuses["parked"] = sales::Status::kOpen;
  nights_.Define(definitions);
  calls() = {};
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(report.content_hash, before->manifest().content_hash);
  EXPECT_EQ(calls().row_reads, 0);
  EXPECT_EQ(nights_.Current()->definitions().version, 2);
  EXPECT_EQ(nights_.Current()->manifest().totals[sales::Status::kOpen].deals, 6u);
  EXPECT_EQ(nights_.Current()->manifest().ledger[LedgerReason::kDateUnrepresentable].rows, 1u);
  nights_.ExpectTruth();
  nights_.ExpectHistory(2);
}

TEST_F(RefreshTest, SaysWhoseRowsASnapshotHolds) {
  const auto origin = [&] {
    return snapshot::ReadManifest(nights_.store, MustRefresh().snapshot_id)->origin;
  };
  EXPECT_EQ(origin(), std::nullopt);
  nights_.config.origin = "demo";
  calls() = {};
  EXPECT_EQ(origin(), "demo");
  EXPECT_EQ(calls().row_reads, 0) << "the rows are the same";
  nights_.warehouse.origin = "own";
  EXPECT_EQ(origin(), "own") << "the table knows better";
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kUnchanged);
}

TEST_F(RefreshTest, CountsTheFutureFromTheBusinessDate) {
  Edit([](auto& rows) { rows.push_back(MakeSale("7", "2026-11-23", 500)); });
  MustRefresh();
  EXPECT_EQ(nights_.Current()->manifest().ledger[LedgerReason::kDateFuture],
            (sales::LedgerEntry{1, Money::FromCents(500)}));
  nights_.NextNight();
  calls() = {};
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(report.parts_written, 0u);
  EXPECT_EQ(report.changed_days, 0u);
  EXPECT_EQ(calls().digests, 0) << "the rows are known to be the same";
  EXPECT_EQ(nights_.Current()->manifest().ledger[LedgerReason::kDateFuture].rows, 0u);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, TakesTheBusinessDateInTheReportZone) {
  for (const auto& [zone, now, business_date] :
       {std::tuple("Pacific/Auckland", "2026-11-22T10:30:00Z", "2026-11-22"),
        std::tuple("Pacific/Auckland", "2026-11-22T11:30:00Z", "2026-11-23"),
        std::tuple("America/Los_Angeles", "2026-11-23T07:30:00Z", "2026-11-22"),
        std::tuple("America/Los_Angeles", "2026-11-23T08:30:00Z", "2026-11-23")}) {
    nights_.clock.JumpTo(*ParseInstant(now));
    nights_.config.zone = *TimeZone::Load(zone);
    MustRefresh();
    EXPECT_EQ(nights_.Current()->manifest().business_date.ToString(), business_date) << now;
    EXPECT_EQ(nights_.Current()->manifest().zone, zone);
  }
}

TEST_F(RefreshTest, ReadsEverythingWhenDigestsAreNotComparable) {
  MustRefresh();
  nights_.warehouse.algorithm = "sum-2";
  Edit([](auto&) {});
  calls() = {};
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(calls().rows, 6u);
  EXPECT_EQ(report.parts_written, 4u);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, CountsDuplicatesAcrossMonths) {
  Edit([](auto& rows) { rows.push_back(MakeSale("1", "2026-11-05", 300)); });
  MustRefresh();
  EXPECT_EQ(nights_.Current()->manifest().ledger[LedgerReason::kDuplicateConflicting],
            (sales::LedgerEntry{1, Money::FromCents(300)}));
}

TEST_F(RefreshTest, HoldsTheCubeAloneAboveTheLimit) {
  MustRefresh();
  nights_.config.rows_max = 5;
  calls() = {};
  RefreshReport report = MustRefresh();
  EXPECT_EQ(report.outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(calls().row_reads, 0);
  EXPECT_EQ(calls().aggregates, 1);
  EXPECT_EQ(nights_.Current()->manifest().hash_kind, snapshot::HashKind::kCube);
  EXPECT_FALSE(nights_.Current()->manifest().parts.front().rows_object);
  nights_.ExpectTruth();

  Edit([](auto& rows) { rows[1].amount.reset(); });
  report = MustRefresh();
  EXPECT_EQ(report.parts_shared, 3u);
  nights_.ExpectTruth();

  sales::Definitions definitions;
  definitions.aliases["region"]["North"] = "N";
  nights_.Define(definitions);
  report = MustRefresh();
  EXPECT_EQ(report.parts_shared, 0u) << "there are no rows to count anew";
  nights_.ExpectTruth();

  Edit([](auto& rows) { rows.pop_back(); });
  calls() = {};
  report = MustRefresh();
  EXPECT_EQ(calls().rows, 5u);
  EXPECT_EQ(nights_.Current()->manifest().hash_kind, snapshot::HashKind::kRows);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, StartsOverWhenSomebodyElsePublishesMeanwhile) {
  MustRefresh();
  Edit([](auto& rows) { rows[0].amount.reset(); });
  bool is_first = true;
  nights_.warehouse.on_begin = [&] {
    if (!std::exchange(is_first, false)) return;
    Edit([](auto& rows) { rows[1].amount.reset(); });
    EXPECT_TRUE(nights_.Refresh());
  };
  const RefreshReport report = MustRefresh();
  EXPECT_EQ(report.outcome, RefreshOutcome::kUnchanged) << "the other one saw the same rows";
  EXPECT_EQ(nights_.Current()->id(), report.snapshot_id);
  nights_.ExpectTruth();
  nights_.ExpectHistory(2);
}

TEST_F(RefreshTest, GivesUpAfterFiveLostSwaps) {
  int depth = 0;
  nights_.warehouse.on_begin = [&] {
    if (depth > 0) return;
    ++depth;
    Edit([](auto& rows) { rows[0].amount = *rows[0].amount + Money::FromCents(1); });
    EXPECT_TRUE(nights_.Refresh());
    --depth;
  };
  const auto report = nights_.Refresh();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(calls().begins, 10);
}

TEST_F(RefreshTest, ReadsAnewWhenAWriterOvertookIt) {
  nights_.warehouse.keeps_history = false;
  nights_.warehouse.on_begin = [&] {
    if (calls().begins < 3) Edit([](auto& rows) { rows[0].amount = Money::FromCents(1); });
  };
  EXPECT_EQ(MustRefresh().outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(calls().begins, 3);
  nights_.ExpectTruth();
}

TEST_F(RefreshTest, GivesUpAfterThreeReadsThatWritersOvertook) {
  nights_.warehouse.keeps_history = false;
  nights_.warehouse.on_begin = [&] {
    Edit([](auto& rows) { rows[0].amount = Money::FromCents(1); });
  };
  const auto report = nights_.Refresh();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(calls().begins, 3);
  EXPECT_EQ(calls().rows, 0u);
}

TEST_F(RefreshTest, StopsAtEveryBatch) {
  for (int batch = 1; batch <= 2; ++batch) {
    std::stop_source stop;
    int batches = 0;
    nights_.warehouse.on_batch = [&] {
      if (++batches == batch) stop.request_stop();
    };
    const auto report = nights_.RefreshInto(nights_.store, StoppedBy(stop));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(batches, batch);
    EXPECT_FALSE(nights_.Current());
  }
}

TEST_F(RefreshTest, StopsAtEveryStep) {
  const auto count_reports = [this](std::stop_source* stop, int at) {
    Nights nights;
    nights.warehouse.Edit([this](auto& rows) { rows = nights_.warehouse.rows(); });
    int reports = 0;
    RefreshRequest request;
    if (stop != nullptr) request.stop = stop->get_token();
    request.on_progress = [&](snapshot::RefreshStep, const snapshot::StepProgress&) {
      if (++reports == at && stop != nullptr) stop->request_stop();
    };
    const auto report = nights.RefreshInto(nights.store, request);
    if (report) return reports;
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    EXPECT_FALSE(nights.Current());
    return 0;
  };
  const int all = count_reports(nullptr, 0);
  ASSERT_GT(all, 10);
  for (int at = 1; at < all; ++at) {
    std::stop_source stop;
    EXPECT_EQ(count_reports(&stop, at), 0) << at;
  }
}

TEST_F(RefreshTest, ReportsItsSteps) {
  using snapshot::StepState;
  std::map<snapshot::RefreshStep, snapshot::StepProgress> steps;
  RefreshRequest request;
  request.on_progress = [&](snapshot::RefreshStep step, const snapshot::StepProgress& progress) {
    steps[step] = progress;
  };
  MustRefresh(request);
  for (const auto& [step, progress] : steps) EXPECT_EQ(progress.state, StepState::kDone);
  EXPECT_EQ(steps[snapshot::RefreshStep::kDigest].done, 6u);
  EXPECT_EQ(steps[snapshot::RefreshStep::kRead].done, 6u);
  EXPECT_EQ(steps[snapshot::RefreshStep::kRead].total, 6u);
  EXPECT_EQ(steps[snapshot::RefreshStep::kPublish].done,
            *steps[snapshot::RefreshStep::kPublish].total);
  steps.clear();
  MustRefresh(request);
  EXPECT_EQ(steps[snapshot::RefreshStep::kCheck].state, StepState::kDone);
  for (const auto step : {snapshot::RefreshStep::kDigest, snapshot::RefreshStep::kRead,
                          snapshot::RefreshStep::kBuild, snapshot::RefreshStep::kPublish}) {
    EXPECT_EQ(steps[step].state, StepState::kSkipped);
  }
}

TEST_F(RefreshTest, RemembersTheScheduledInstantThatItServed) {
  const Instant scheduled = nights_.clock.Now() - std::chrono::minutes(5);
  MustRefresh(ServedFor(scheduled));
  EXPECT_EQ(nights_.Pointer().last_scheduled_for, scheduled);
  MustRefresh();
  EXPECT_EQ(nights_.Pointer().last_scheduled_for, scheduled);
  MustRefresh(ServedFor(nights_.clock.Now()));
  EXPECT_EQ(nights_.Pointer().last_scheduled_for, nights_.clock.Now());
}

TEST_F(RefreshTest, PublishesNothingWhenRowsAndCountsDisagree) {
  MustRefresh();
  const auto before = nights_.Pointer();
  Edit([](auto& rows) { rows[1].amount.reset(); });
  nights_.warehouse.loses_a_row = true;
  const auto report = nights_.Refresh();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInternal);
  EXPECT_EQ(nights_.Pointer(), before);
}

TEST_F(RefreshTest, WritesTheReadableCopies) {
  const RefreshReport report = MustRefresh();
  for (const char* key : {"pipeline/by-region/latest.json", "pipeline/by-product/latest.json"}) {
    const auto copy = nights_.store.Get(key);
    ASSERT_TRUE(copy) << key;
    EXPECT_NE(copy->bytes.find(report.snapshot_id), std::string::npos);
  }
}

TEST_F(RefreshTest, SaysWhatItDidAsJson) {
  RefreshReport report = MustRefresh();
  report.snapshot_id = "id";
  report.content_hash = "hash";
  EXPECT_EQ(ToJson(report),
            R"({"outcome":"published","snapshot_id":"id","content_hash":"hash","rows":6,)"
            R"("changed_days":6,"parts_written":4,"parts_shared":0,)"
            R"("data_as_of":"2026-11-22T02:00:00.000Z","computed_at":"2026-11-22T02:00:00.000Z"})");
}

}  // namespace
}  // namespace revops::processor
