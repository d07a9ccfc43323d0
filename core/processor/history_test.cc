#include "core/processor/history.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/processor/nights_testing.h"
#include "core/snapshot/verify.h"
#include "core/store/faulty_store.h"

namespace revops::processor {
namespace {

using Rows = std::vector<sales::Sale>;

Instant EndOf(const char* date, const char* zone = "UTC") {
  return *EndOfDay(*Date::Parse(date), *TimeZone::Load(zone),
                   *ParseInstant("2027-01-01T00:00:00Z"));
}

/// Nights whose store also takes what the table held on earlier days.
struct DatedNights : Nights {
  Result<RefreshReport> Backfill(const char* date, const Rows& rows) {
    return BackfillInto(store, EndOf(date), rows);
  }
  Result<RefreshReport> BackfillInto(store::ObjectStore& target, Instant as_of, const Rows& rows) {
    FakeWarehouse past(clock);
    past.definitions = config.definitions;
    past.Edit([&](Rows& all) { all = rows; });
    RefreshRequest request;
    request.as_of = as_of;
    return processor::Refresh(past, target, clock, config, request);
  }
  snapshot::Manifest ManifestOf(const std::string& id) {
    return *snapshot::ReadManifest(store, id);
  }
};

struct PublishedNight : DatedNights {
  PublishedNight() {
    warehouse.Edit(
        [](Rows& rows) { rows = {MakeSale("1", "2026-11-01"), MakeSale("2", nullptr)}; });
    EXPECT_TRUE(Refresh());
  }
};

TEST(EndOfDay, IsTheLastSecondInTheZone) {
  EXPECT_EQ(EndOf("2026-09-01"), *ParseInstant("2026-09-01T23:59:59Z"));
  EXPECT_EQ(EndOf("2026-09-01", "Europe/Berlin"), *ParseInstant("2026-09-01T21:59:59Z"));
  EXPECT_EQ(EndOf("2026-10-25", "Europe/Berlin"), *ParseInstant("2026-10-25T22:59:59Z"));
  EXPECT_EQ(EndOf("2026-09-01", "Pacific/Auckland"), *ParseInstant("2026-09-01T11:59:59Z"));
}

TEST(EndOfDay, IsNowWhileTheDayLasts) {
  const Instant now = *ParseInstant("2026-11-22T02:00:00Z");
  EXPECT_EQ(*EndOfDay(*Date::Parse("2026-11-22"), TimeZone::Utc(), now), now);
  const auto tomorrow = EndOfDay(*Date::Parse("2026-11-23"), TimeZone::Utc(), now);
  ASSERT_FALSE(tomorrow);
  EXPECT_EQ(tomorrow.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(tomorrow.error().message, "2026-11-23 has not begun: history takes days up to today");
}

TEST(History, TakesARowsOfAnEarlierDayAndLeavesThePointer) {
  PublishedNight nights;
  const snapshot::Pointer before = nights.Pointer();
  const Rows rows = {MakeSale("1", "2026-08-01", 500), MakeSale("7", "2026-10-01")};
  const auto report = nights.Backfill("2026-09-01", rows);
  ASSERT_TRUE(report) << Describe(report.error());
  EXPECT_EQ(report->outcome, RefreshOutcome::kPublished);
  EXPECT_EQ(nights.Pointer(), before);
  const snapshot::Manifest manifest = nights.ManifestOf(report->snapshot_id);
  EXPECT_EQ(manifest.business_date, *Date::Parse("2026-09-01"));
  EXPECT_EQ(manifest.computed_at, EndOf("2026-09-01"));
  EXPECT_EQ(manifest.data_as_of, EndOf("2026-09-01"));
  EXPECT_EQ(manifest.previous_id, std::nullopt);
  EXPECT_EQ(manifest.ledger[sales::LedgerReason::kDateFuture].rows, 1u) << "as of that day";
  EXPECT_EQ(nights.RowsOf(manifest), rows);
  EXPECT_TRUE(report->snapshot_id.starts_with("20260901T235959Z-"));
  nights.ExpectHistory(2);
  nights.ExpectTruth();
}

TEST(History, NamesTheSnapshotBeforeInTime) {
  PublishedNight nights;
  const auto first = nights.Backfill("2026-09-01", {MakeSale("1", "2026-08-01")});
  const auto third = nights.Backfill("2026-09-15", {MakeSale("3", "2026-08-01")});
  const auto second = nights.Backfill("2026-09-08", {MakeSale("2", "2026-08-01")});
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(nights.ManifestOf(third->snapshot_id).previous_id, first->snapshot_id);
  EXPECT_EQ(nights.ManifestOf(second->snapshot_id).previous_id, first->snapshot_id);
  nights.ExpectHistory(4);
}

TEST(History, TheNextNightGoesOnFromThePointer) {
  PublishedNight nights;
  ASSERT_TRUE(nights.Backfill("2026-09-01", {MakeSale("9", "2026-08-01")}));
  nights.NextNight();
  nights.warehouse.Edit([](Rows& rows) { rows.push_back(MakeSale("3", "2026-11-20")); });
  ASSERT_TRUE(nights.Refresh());
  nights.ExpectTruth();
  nights.ExpectHistory(3);
}

TEST(History, IsCurrentWhereThereIsNoSnapshot) {
  DatedNights nights;
  const auto report = nights.Backfill("2026-09-01", {MakeSale("1", "2026-08-01")});
  ASSERT_TRUE(report);
  ASSERT_TRUE(nights.Current());
  EXPECT_EQ(nights.Current()->id(), report->snapshot_id);
  EXPECT_EQ(nights.Pointer().data_as_of, EndOf("2026-09-01"));
  EXPECT_EQ(nights.Pointer().computed_at, EndOf("2026-09-01"));
  nights.ExpectHistory(1);
}

TEST(History, TheSameAgainWritesNothing) {
  for (const bool is_current : {false, true}) {
    DatedNights nights;
    ASSERT_TRUE(is_current || nights.Refresh());
    const Rows rows = {MakeSale("1", "2026-08-01")};
    const auto first = nights.Backfill("2026-09-01", rows);
    nights.NextNight();
    const auto again = nights.Backfill("2026-09-01", rows);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(again->outcome, RefreshOutcome::kUnchanged);
    EXPECT_EQ(again->snapshot_id, first->snapshot_id);
    nights.ExpectHistory(is_current ? 1 : 2);
  }
}

TEST(History, OtherRowsOfTheSameDayComeAMillisecondLater) {
  PublishedNight nights;
  const Rows wrong = {MakeSale("1", "2026-08-01")};
  ASSERT_TRUE(nights.Backfill("2026-09-01", wrong));
  const auto right = nights.Backfill("2026-09-01", {MakeSale("2", "2026-08-01")});
  const auto wrong_again = nights.Backfill("2026-09-01", wrong);
  ASSERT_TRUE(right && wrong_again);
  EXPECT_EQ(right->computed_at, EndOf("2026-09-01") + std::chrono::milliseconds(1));
  EXPECT_EQ(wrong_again->computed_at, EndOf("2026-09-01") + std::chrono::milliseconds(2));
  EXPECT_EQ(nights.ManifestOf(wrong_again->snapshot_id).business_date, *Date::Parse("2026-09-01"));
  EXPECT_EQ(nights.ManifestOf(wrong_again->snapshot_id).previous_id, right->snapshot_id);
  nights.ExpectHistory(4);
}

TEST(History, RetentionSaysWhatItWillLetGo) {
  PublishedNight nights;
  std::vector<std::string> ids;
  for (const char* date : {"2026-09-01", "2026-09-02", "2026-11-20"}) {
    const auto report = nights.Backfill(date, {MakeSale("1", date)});
    ASSERT_TRUE(report);
    ids.push_back(report->snapshot_id);
  }
  const auto expired = snapshot::ListExpired(nights.store, nights.clock.Now());
  ASSERT_TRUE(expired);
  EXPECT_EQ(*expired, std::vector<std::string>{ids[0]}) << "the week keeps its last one";
  ASSERT_TRUE(snapshot::Collect(nights.store, nights.clock.Now()));
  nights.ExpectHistory(3);
}

/// Objects of the past that nobody had named for days are put anew, so that no collector takes
/// them.
TEST(History, RevivesObjectsThatWereAboutToBeCollected) {
  PublishedNight nights;
  const Rows rows = {MakeSale("1", "2026-08-01")};
  const auto first = nights.Backfill("2026-09-01", rows);
  ASSERT_TRUE(first);
  ASSERT_TRUE(nights.store.Delete(snapshot::ManifestKey(first->snapshot_id)));
  nights.clock.Advance(std::chrono::hours(72));
  ASSERT_TRUE(nights.Backfill("2026-09-01", rows));
  ASSERT_TRUE(snapshot::Collect(nights.store, nights.clock.Now()));
  nights.ExpectHistory(2);
}

/// Days in ascending order, each with its rows.
using Days = std::vector<std::pair<std::string, Rows>>;

Days AnyDays() {
  Days days;
  Date date = *Date::Parse("2026-06-01");
  const int count = *rc::gen::inRange(1, 6);
  Rows rows;
  for (int i = 0; i < count; ++i) {
    date = date + *rc::gen::inRange(1, 20);
    const int edits = *rc::gen::inRange(0, 4);
    for (int edit = 0; edit < edits; ++edit) {
      const std::string id = std::to_string(*rc::gen::inRange(1, 6));
      const std::string sold_on =
          (*Date::Parse("2026-05-20") + *rc::gen::inRange(0, 90)).ToString();
      rows.push_back(MakeSale(id, sold_on.c_str(), *rc::gen::inRange(-5, 50)));
    }
    if (!rows.empty() && *rc::gen::inRange(0, 3) == 0) rows.erase(rows.begin());
    days.emplace_back(date.ToString(), rows);
  }
  return days;
}

/// What each business date's snapshot says.
std::map<Date, Truth> Truths(store::ObjectStore& store) {
  std::map<Date, Truth> truths;
  const auto entries = snapshot::ListSnapshots(store);
  for (const snapshot::SnapshotEntry& entry : *entries) {
    const auto opened = snapshot::Snapshot::Open(store, entry.id, snapshot::Reading::kWhole);
    if (!opened) RC_FAIL(Describe(opened.error()));
    truths[entry.manifest.business_date] = TruthOf(**opened);
  }
  return truths;
}

TEST(HistoryProperty, BackfilledInAnyOrderEqualsNightByNight) {
  EXPECT_TRUE(rc::check([] {
    const Days days = AnyDays();
    Nights lived;
    for (const auto& [date, rows] : days) {
      lived.clock.JumpTo(EndOf(date.c_str()));
      lived.warehouse.Edit([&, &of_day = rows](Rows& all) { all = of_day; });
      RC_ASSERT(lived.Refresh().has_value());
    }
    DatedNights told;
    Days shuffled = days;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    for (const auto& [date, rows] : shuffled) {
      const auto report = told.Backfill(date.c_str(), rows);
      if (!report) RC_FAIL(Describe(report.error()));
    }
    RC_ASSERT(Truths(told.store) == Truths(lived.store));
    RC_ASSERT(told.Current()->manifest().business_date == *Date::Parse(shuffled[0].first));
    const auto verified = snapshot::Verify(told.store);
    RC_ASSERT(verified.has_value() && verified->damages.empty());
  }));
}

const Rows kPast = {MakeSale("1", "2026-08-01", 500), MakeSale("3", nullptr)};

/// History without the day, or with it whole; the current snapshot as before; and once nothing
/// fails, the day is there.
void ExpectWholeHistory(PublishedNight& nights, bool succeeded) {
  const auto entries = snapshot::ListSnapshots(nights.store);
  ASSERT_TRUE(entries);
  EXPECT_TRUE(entries->size() == 2 || (entries->size() == 1 && !succeeded));
  nights.ExpectHistory(entries->size());
  nights.ExpectTruth();
  ASSERT_TRUE(nights.Backfill("2026-09-01", kPast));
  nights.ExpectHistory(2);
}

TEST(HistoryFaults, SurvivesEveryFailureCrashAndLostAnswer) {
  PublishedNight counting;
  store::FaultyObjectStore counted(counting.store);
  ASSERT_TRUE(counting.BackfillInto(counted, EndOf("2026-09-01"), kPast));
  ASSERT_GT(counted.calls(), 10);
  for (int call = 1; call <= counted.calls(); ++call) {
    for (const int kind : {0, 1, 2}) {
      SCOPED_TRACE(testing::Message() << "call " << call << " kind " << kind);
      PublishedNight nights;
      store::FaultyObjectStore faulty(nights.store);
      if (kind == 0) faulty.FailCall(call);
      if (kind == 1) faulty.StopAtCall(call);
      if (kind == 2) faulty.LoseAnswerOfPut(call);
      const auto done = nights.BackfillInto(faulty, EndOf("2026-09-01"), kPast);
      ExpectWholeHistory(nights, done.has_value());
    }
  }
}

}  // namespace
}  // namespace revops::processor
